package dev.holdfast.testkit;

/**
 * Something that a client, or a task, said. {@code life} numbers the incarnations of the node from 0, {@code order} the
 * events of a history.
 *
 * <p>As text: the kind, then its values, separated by spaces; see {@link #parse}.
 */
public sealed interface HistoryEvent {

    /** Where an event stands in its history. */
    record Place(int life, long order) {}

    Place place();

    /** A submit is about to be called. The token is its label, and its idempotency key if {@code keyed}. */
    record Submitting(Place place, String token, boolean keyed) implements HistoryEvent {}

    /** That submit returned. */
    record Stored(Place place, String token, long taskId) implements HistoryEvent {}

    /** That submit threw: nothing was stored. */
    record Refused(Place place, String token) implements HistoryEvent {}

    /** The task's code ran: said from within it, before it returned {@code value}. */
    record Ran(Place place, String token, long taskId, int attempt, long fencingToken, String value)
            implements HistoryEvent {}

    /** A retrieve gave this value, or (prefixed by {@code !}) this failure. */
    record Seen(Place place, long taskId, String value) implements HistoryEvent {}

    /** A retrieve said that there is no result. */
    record Stale(Place place, long taskId, String reason) implements HistoryEvent {}

    /** A dispose is about to be called. */
    record Disposing(Place place, long taskId) implements HistoryEvent {}

    /** That dispose returned. */
    record Disposed(Place place, long taskId) implements HistoryEvent {}

    /** A cancel is about to be called. */
    record Cancelling(Place place, long taskId) implements HistoryEvent {}

    /** That cancel returned. */
    record Cancelled(Place place, long taskId, boolean cancelled) implements HistoryEvent {}

    /** An inspection showed this task. */
    record Listed(Place place, long taskId, String token, String state) implements HistoryEvent {}

    /** @throws IllegalArgumentException {@code line} is no event */
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
