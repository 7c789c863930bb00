package dev.holdfast.testkit;

/**
 * Something that a client, or a task, said. {@code life} numbers the incarnations of the node from 0, {@code order} the
 * events of a history.
 *
 * <p>As text: the kind, then its values, separated by spaces; see {@link #parse}.
 */
public sealed interface HistoryEvent {

    /**
     * Where an event stands in its history.
     *
     * @param life from 0
     * @param order from 0
     */
    record Place(int life, long order) {}

    /**
     * Where it stands.
     *
     * @return never the same for two events of a history
     */
    Place place();

    /**
     * A submit is about to be called. The token is its label, and its idempotency key if {@code keyed}.
     *
     * @param place where it stands in its history
     * @param token the task's label
     * @param keyed whether the token is its idempotency key too
     */
    record Submitting(Place place, String token, boolean keyed) implements HistoryEvent {}

    /**
     * That submit returned.
     *
     * @param place where it stands in its history
     * @param token the task's label
     * @param taskId the task's id
     */
    record Stored(Place place, String token, long taskId) implements HistoryEvent {}

    /**
     * That submit threw: nothing was stored.
     *
     * @param place where it stands in its history
     * @param token the task's label
     */
    record Refused(Place place, String token) implements HistoryEvent {}

    /**
     * The task's code ran: said from within it, before it returned {@code value}.
     *
     * @param place where it stands in its history
     * @param token the task's label
     * @param taskId the task's id
     * @param attempt number of the attempt
     * @param fencingToken of that start
     * @param value as a text
     */
    record Ran(Place place, String token, long taskId, int attempt, long fencingToken, String value)
            implements HistoryEvent {}

    /**
     * A retrieve gave this value, or (prefixed by {@code !}) this failure.
     *
     * @param place where it stands in its history
     * @param taskId the task's id
     * @param value as a text
     */
    record Seen(Place place, long taskId, String value) implements HistoryEvent {}

    /**
     * A retrieve said that there is no result.
     *
     * @param place where it stands in its history
     * @param taskId the task's id
     * @param reason name of the reason
     */
    record Stale(Place place, long taskId, String reason) implements HistoryEvent {}

    /**
     * A dispose is about to be called.
     *
     * @param place where it stands in its history
     * @param taskId the task's id
     */
    record Disposing(Place place, long taskId) implements HistoryEvent {}

    /**
     * That dispose returned.
     *
     * @param place where it stands in its history
     * @param taskId the task's id
     */
    record Disposed(Place place, long taskId) implements HistoryEvent {}

    /**
     * A cancel is about to be called.
     *
     * @param place where it stands in its history
     * @param taskId the task's id
     */
    record Cancelling(Place place, long taskId) implements HistoryEvent {}

    /**
     * That cancel returned.
     *
     * @param place where it stands in its history
     * @param taskId the task's id
     * @param cancelled what it answered
     */
    record Cancelled(Place place, long taskId, boolean cancelled) implements HistoryEvent {}

    /**
     * An inspection showed this task.
     *
     * @param place where it stands in its history
     * @param taskId the task's id
     * @param token the task's label
     * @param state name of the state
     */
    record Listed(Place place, long taskId, String token, String state) implements HistoryEvent {}

    /**
     * Reads an event.
     *
     * @param place where it stands
     * @param line the kind, then its values in the order of the record, separated by spaces
     * @return the event
     * @throws IllegalArgumentException {@code line} is no event
     */
    static HistoryEvent parse(Place place, String line) {
        String[] f = line.split(" ", -1);
        try {
            return switch (f[0]) {
                case "SUBMITTING" -> new Submitting(place, f[1], Boolean.parseBoolean(f[2]));
                case "STORED" -> new Stored(place, f[1], Long.parseLong(f[2]));
                case "REFUSED" -> new Refused(place, f[1]);
                case "RAN" ->
                    new Ran(place, f[1], Long.parseLong(f[2]), Integer.parseInt(f[3]), Long.parseLong(f[4]), f[5]);
                case "SEEN" -> new Seen(place, Long.parseLong(f[1]), f[2]);
                case "STALE" -> new Stale(place, Long.parseLong(f[1]), f[2]);
                case "DISPOSING" -> new Disposing(place, Long.parseLong(f[1]));
                case "DISPOSED" -> new Disposed(place, Long.parseLong(f[1]));
                case "CANCELLING" -> new Cancelling(place, Long.parseLong(f[1]));
                case "CANCELLED" -> new Cancelled(place, Long.parseLong(f[1]), Boolean.parseBoolean(f[2]));
                case "LISTED" -> new Listed(place, Long.parseLong(f[1]), f[2], f[3]);
                default -> throw new IllegalArgumentException("Not an event of a history: line=" + line);
            };
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("Not an event of a history: line=" + line, e);
        }
    }
}
