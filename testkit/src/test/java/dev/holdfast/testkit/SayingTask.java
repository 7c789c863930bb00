package dev.holdfast.testkit;

import dev.holdfast.DurableCallable;
import dev.holdfast.TaskContext;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Says that it ran, and returns (or throws) a value with a random part made at execution: a result that was seen and then
 * computed again shows. Large values do not fit a ring's memory limit and stay in the log.
 */
record SayingTask(String token, Kind kind) implements DurableCallable<String> {

    private static final int LARGE = 6_000;
    private static final int CHUNKED = 70_000;

    enum Kind {
        QUICK,
        SLOW,
        FAILING,
        LARGE,
        /** A value that is split into chunks in a small segment. */
        CHUNKED
    }

    @Override
    public String call() {
        TaskContext context = TaskContext.current();
        String value = Long.toHexString(ThreadLocalRandom.current().nextLong());
        if (kind == Kind.SLOW) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
        }
        Said.say(
                "RAN %s %d %d %d %s",
                token,
                context.taskId(),
                context.attempt(),
                context.fencingToken(),
                kind == Kind.FAILING ? "!" + value : value);
        return switch (kind) {
            case FAILING -> throw new IllegalStateException(value);
            case LARGE -> value + "-" + value.repeat(LARGE / value.length());
            case CHUNKED -> value + "-" + value.repeat(CHUNKED / value.length());
            case QUICK, SLOW -> value;
        };
    }

    /** The part of a result that was said; the repeated rest is compared with it. */
    static String said(String result) {
        int dash = result.indexOf('-');
        if (dash < 0) {
            return result;
        }
        String value = result.substring(0, dash);
        String rest = result.substring(dash + 1);
        boolean whole = rest.equals(value.repeat(LARGE / value.length()))
                || rest.equals(value.repeat(CHUNKED / value.length()));
        return whole ? value : "garbled:" + result.hashCode();
    }
}
