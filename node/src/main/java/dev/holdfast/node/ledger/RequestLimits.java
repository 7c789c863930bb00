package dev.holdfast.node.ledger;

/**
 * How many calls of remote callers a partition remembers, and how long.
 *
 * <p>{@code callers} and {@code silentMillis} decide what replay forgets: they must be the same on every replica, always.
 *
 * @param perCaller unanswered calls of one caller; one more is refused
 * @param total unanswered calls of all callers, at least {@code perCaller}; one more is refused
 * @param callers callers; for one more, the one is forgotten that has been silent for longest
 * @param silentMillis how long a caller is remembered after its last record, in ms of the records' time; far longer than any
 *     caller goes on repeating a call
 */
public record RequestLimits(int perCaller, int total, int callers, long silentMillis) {

    /** A call takes 25 to 50 bytes of heap, twice on a primary: at most 25 MB for a partition. */
    public static final RequestLimits DEFAULT = new RequestLimits(16_384, 262_144, 4_096, 5 * 60 * 1_000);

    /** @throws IllegalArgumentException a limit below 1, or {@code total} below {@code perCaller} */
    public RequestLimits {
        if (perCaller < 1 || total < perCaller || callers < 1 || silentMillis < 1) {
            throw new IllegalArgumentException("Not limits of requests: perCaller=" + perCaller + ", total=" + total
                    + ", callers=" + callers + ", silentMillis=" + silentMillis);
        }
    }
}
