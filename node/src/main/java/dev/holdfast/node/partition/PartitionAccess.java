package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the rest of a node sees of a partition. Thread-safe; nothing here blocks but {@link #read}, which does I/O. */
public interface PartitionAccess {

    PartitionId id();

    /** Null while it serves; else why it refuses everything (damaged log, failed disk). */
    @Nullable
    String problem();

    /**
     * Posts a command; the calling thread may work off the inbox on the way. {@code onReply} is called once, by any thread,
     * after the commit, never under the partition's lock; it must be short and run no user code.
     *
     * @return false if the inbox has no room for another submit or the partition is closed: nothing was posted, {@code
     *     onReply} is never called. Commands other than {@link Command.Submit} have reserved room and are refused only by
     *     a closed or failed partition.
     */
    boolean post(Command command, Consumer<Reply> onReply);

    /** The committed entry, or null; any thread. */
    @Nullable
    TaskEntry find(long sequence);

    /** Why {@code sequence} has no entry of {@code executor}; called when {@link #find} gave null. */
    Reply.Staleness staleness(String executor, long sequence);

    /**
     * Calls {@code waiter} once, when the task has ended or left the ring: with {@link Reply.Ended} or {@link Reply.Stale};
     * at once if that is so already. Not under the lock.
     *
     * @return a handle that takes the waiter back, for a caller that stops waiting
     * @throws java.util.concurrent.RejectedExecutionException the node's limit of waiters is reached
     */
    AutoCloseable await(String executor, long sequence, Consumer<Reply> waiter);

    /** The bytes of a body of this partition; may read the disk. */
    byte[] read(Body body);

    /** Committed entries, oldest first, as they are while the stream runs. */
    Stream<TaskEntry> entries();

    /** Totals of one executor. */
    ExecutorView executor(String name);

    /** Unfinished tasks of {@code executor} here, committed and in flight; a hint for routing. */
    int unfinished(String executor);

    /**
     * An executor in one partition, as committed.
     *
     * @param operation number of the last operation on the whole executor
     * @param unfinished stored and neither ended nor held
     */
    record ExecutorView(
            String name,
            long operation,
            boolean shutdown,
            boolean paused,
            int unfinished,
            int held,
            long results,
            dev.holdfast.storage.log.SnapshotItem.Counters counters) {}
}
