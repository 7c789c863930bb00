package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log may still be written:
 *
 * <pre>
 * OPEN --fail--> FAILED     the first exception of a write or force; never back
 * OPEN --close-> CLOSED
 * </pre>
 *
 * <p>Any thread.
 */
final class LogHealth {

    private final PartitionId partition;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    LogHealth(PartitionId partition) {
        this.partition = partition;
    }

    /** @throws LogFailedException it failed before, or it is closed */
    void check() {
        Throwable first = failure;
        if (first != null) {
            throw new LogFailedException(
                    "The log failed before and is not written again: partition=" + partition
                            + "; check the disk and restart the node",
                    first);
        }
        if (closed) {
            throw new LogFailedException("The log is closed: partition=" + partition);
        }
    }

    /** Notes the first failure and gives the exception to throw. */
    synchronized LogFailedException fail(String what, Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        return new LogFailedException(
                what + ": partition=" + partition + ", cause=" + cause + "; check the disk and restart the node",
                cause);
    }

    boolean isFailed() {
        return failure != null;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether this call closed it. */
    synchronized boolean close() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }
}
