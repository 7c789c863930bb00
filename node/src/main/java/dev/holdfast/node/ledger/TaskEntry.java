package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/**
 * A task, or the result that replaced it, as the ring holds it. Immutable: a change puts a new entry in its place, so any
 * thread may read one. Fields as in {@link SnapshotItem.OfTask}.
 */
public interface TaskEntry {

    long sequence();

    String executor();

    TaskSpec spec();

    SnapshotItem.State state();

    /** The task's bytes, or null once a success or a cancellation replaced them. */
    @Nullable
    Body payload();

    /** Highest attempt that was logged, or that ended or may have run unlogged; 0 before. */
    int attempt();

    int crashes();

    long submittedAtMillis();

    /** 0 until it ended, or before any logged attempt. */
    long startedAtMillis();

    /** 0 until it ended. */
    long finishedAtMillis();

    @Nullable
    String heldReason();

    @Nullable
    String resultCodec();

    @Nullable
    FailureInfo failure();

    /** Bytes of the result or the failure, or null. */
    @Nullable
    Body result();

    /** Whether the result was given up before the end: nobody who asks from then on is given it. */
    boolean disposeAtEnd();

    /** Whether an attempt was logged as started and not as ended: if the process is gone, it died meanwhile. */
    boolean attemptOpen();

    /** Whether the next attempt has to be logged before it starts. */
    boolean logsNextStart();

    default boolean isTerminal() {
        return switch (state()) {
            case COMPLETED, FAILED, CANCELLED -> true;
            case UNFINISHED, PARKED, QUARANTINED -> false;
        };
    }
}
