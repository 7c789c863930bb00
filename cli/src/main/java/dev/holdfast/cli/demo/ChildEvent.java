package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.Documents;
import org.jspecify.annotations.Nullable;

/**
 * One line from the child to the parent, and one line of the parent's record of what it saw.
 *
 * @param file index in the plan, or -1
 * @param taskId 0 where none is meant
 * @param text process, or message
 * @param count a number that the kind explains
 * @param running tasks at work, for {@link Kind#HELD}
 */
record ChildEvent(
        Kind kind,
        int file,
        long taskId,
        @Nullable FileDigest digest,
        @Nullable String text,
        long count,
        int running) {

    /** Before every line, so that what a library prints is not taken for one. */
    private static final String PREFIX = "@holdfast-demo ";

    /** What happened. */
    enum Kind {
        /** The node is up; {@code text} names the process, {@code count} is its pid. */
        READY,
        /** The task is stored (or was, by an earlier process). */
        STORED,
        /** The result was there before this process executed anything. */
        SERVED,
        /** The task ended, its result is stored. */
        FINISHED,
        /** The task ended with a failure, {@code text}. */
        FAILED,
        /** Something goes on; {@code count} is the bytes read so far. */
        ALIVE,
        /** {@code count} tasks are finished, no other will be: time to kill. */
        HELD,
        /** How many tasks the node knows, at the end. */
        TASKS,
        /** The node is closed. */
        DONE,
        /** The child gives up; {@code text} says why. */
        TROUBLE,
        /** The parent's own note: the process {@code count} was killed with SIGKILL. */
        KILLED
    }

    static ChildEvent of(Kind kind, long count) {
        return new ChildEvent(kind, -1, 0, null, null, count, 0);
    }

    static ChildEvent of(Kind kind, String text, long count) {
        return new ChildEvent(kind, -1, 0, null, text, count, 0);
    }

    static ChildEvent held(long finished, int running) {
        return new ChildEvent(Kind.HELD, -1, 0, null, null, finished, running);
    }

    static ChildEvent ofTask(Kind kind, int file, long taskId) {
        return new ChildEvent(kind, file, taskId, null, null, 0, 0);
    }

    static ChildEvent result(Kind kind, int file, long taskId, FileDigest digest) {
        return new ChildEvent(kind, file, taskId, digest, null, 0, 0);
    }

    static ChildEvent failed(int file, long taskId, String message) {
        return new ChildEvent(Kind.FAILED, file, taskId, null, message, 0, 0);
    }

    String toLine() {
        return PREFIX + Documents.line(this);
    }

    /** The event in {@code line}, or null if it is another's print, or was cut off by a kill. */
    static @Nullable ChildEvent parse(String line) {
        if (!line.startsWith(PREFIX) || !line.endsWith("}")) {
            return null;
        }
        try {
            return Documents.parse(line.substring(PREFIX.length()), ChildEvent.class);
        } catch (java.io.UncheckedIOException cutOff) {
            return null;
        }
    }
}
