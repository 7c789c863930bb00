package dev.holdfast.replication.protocol;

/**
 * For how long a primary may serve reads and start tasks without asking again. To be checked against the monotonic clock
 * immediately before each read and each start.
 *
 * @param untilNanos exclusive, on the clock that {@code step} is given; only looked at if {@code kind} is UNTIL
 */
public record LeaseTerm(Kind kind, long untilNanos) {

    /** NONE: serves nothing. UNTIL: up to a time. UNLIMITED: nobody else can be elected, so there is nobody to ask. */
    public enum Kind {
        NONE,
        UNTIL,
        UNLIMITED
    }

    public static final LeaseTerm NONE = new LeaseTerm(Kind.NONE, 0);
    public static final LeaseTerm UNLIMITED = new LeaseTerm(Kind.UNLIMITED, 0);

    public static LeaseTerm until(long nanos) {
        return new LeaseTerm(Kind.UNTIL, nanos);
    }

    public boolean covers(long nowNanos) {
        return switch (kind) {
            case NONE -> false;
            case UNTIL -> nowNanos - untilNanos < 0;
            case UNLIMITED -> true;
        };
    }
}
