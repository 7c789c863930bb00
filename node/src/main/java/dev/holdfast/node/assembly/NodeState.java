package dev.holdfast.node.assembly;

import dev.holdfast.config.ErrorCode;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node serves. OPEN -> CLOSED when its grace is over; OPEN -> FAILED when a log can not be written any more, and it
 * stays so: a node that failed never says it was closed in order. Thread-safe.
 */
final class NodeState {

    private final String nodeName;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;

    NodeState(String nodeName) {
        this.nodeName = nodeName;
    }

    /** False if it had failed before. */
    boolean fail(Throwable cause) {
        return failure.compareAndSet(null, cause);
    }

    boolean hasFailed() {
        return failure.get() != null;
    }

    /** For people; null while it has not failed. */
    @Nullable
    String whyFailed() {
        Throwable cause = failure.get();
        return cause == null ? null : ErrorCode.DISK_FAILED.says("its disk failed: " + cause);
    }

    void close() {
        closed = true;
    }

    /** @throws IllegalStateException it serves no longer */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException(closedMessage());
        }
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException(
                    ErrorCode.DISK_FAILED.says("The node has stopped, its disk failed: node=" + nodeName
                            + "; close it, look at the disk and start it again"),
                    cause);
        }
    }

    String closedMessage() {
        return ErrorCode.NODE_CLOSED.says(
                "The node is closed: node=" + nodeName + "; what is stored is there at its next start");
    }
}
