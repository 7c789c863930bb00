package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the rest of a node, or a client, sees of a partition. Thread-safe.
 *
 * <p>Of a partition that is led on this node nothing blocks but {@link #read}, which does I/O. Of another one whatever gives
 * an answer at once asks the node that leads it and blocks for at most {@code submit-timeout}, after which it throws {@link
 * dev.holdfast.HoldfastException}; {@link #post}, {@link #await}, {@link #awaitResult}, {@link #interrupt}, {@link
 * #unfinished}, {@link #problem}, {@link #isLocal} and {@link #node} never block.
 */
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

    /**
     * As {@link #await}, for somebody who asks only now: of a result that was disposed of before its task ended, {@link
     * Reply.Stale} at once.
     */
    default AutoCloseable awaitResult(String executor, long sequence, Consumer<Reply> waiter) {
        TaskEntry entry = find(sequence);
        if (entry != null && entry.disposeAtEnd() && entry.executor().equals(executor)) {
            waiter.accept(new Reply.Stale(Reply.Staleness.DISPOSED));
            return () -> {};
        }
        return await(executor, sequence, waiter);
    }

    /** The bytes of a body of this partition; may read the disk. */
    byte[] read(Body body);

    /**
     * The bytes of a part of {@code entry}, which this partition gave; may read the disk or ask another node.
     *
     * @throws BodyGoneException they were removed meanwhile, or moved by a checkpoint: find the entry again
     */
    default byte[] read(TaskEntry entry, Part part) {
        Body body = part.of(entry);
        if (body == null) {
            throw new BodyGoneException(
                    "There are no such bytes: partition=" + id() + ", sequence=" + entry.sequence() + ", part=" + part);
        }
        return read(body);
    }

    /** What a task has of bytes. */
    enum Part {
        PAYLOAD,
        RESULT;

        /** The body of {@code entry}, or null. */
        public @Nullable Body of(TaskEntry entry) {
            return this == PAYLOAD ? entry.payload() : entry.result();
        }
    }

    /** Whether this node leads it. Keyless tasks prefer such partitions. */
    default boolean isLocal() {
        return true;
    }

    /** Name of the node that executes its tasks, as far as it is known. */
    default String node() {
        return execution().node();
    }

    /** How many members have all that is committed, as far as it is known; of a node alone, 1. */
    default int copies() {
        return 1;
    }

    /** What runs on this node; of a partition that is led elsewhere, nothing. */
    default Execution execution() {
        return Execution.NONE;
    }

    /** The committed entry and what runs of it, or null. */
    default @Nullable TaskStatus status(long sequence) {
        TaskEntry entry = find(sequence);
        return entry == null ? null : status(entry);
    }

    /** Committed entries of {@code executor} with what runs of them, oldest first, as they are while the stream runs. */
    default Stream<TaskStatus> statuses(String executor) {
        return entries().filter(entry -> entry.executor().equals(executor)).map(this::status);
    }

    private TaskStatus status(TaskEntry entry) {
        return new TaskStatus(
                entry, entry.state() == State.UNFINISHED ? execution().find(TaskId.of(id(), entry.sequence())) : null);
    }

    /** Attempts of this partition's tasks of {@code executor} that run now. */
    default List<Execution.Running> running(String executor) {
        return execution().of(executor).stream()
                .filter(attempt -> attempt.task().partition().equals(id()))
                .toList();
    }

    /** Interrupts the attempt of a task if one runs; durable effects are the caller's. Does not wait for it. */
    default void interrupt(long sequence) {
        execution().interrupt(TaskId.of(id(), sequence));
    }

    /**
     * The same for who does not want to wait long for an answer of the first.
     *
     * @param patience how long somebody who leads the partition is waited for; zero: whoever does now is asked
     */
    default Stream<TaskStatus> statuses(String executor, Duration patience) {
        return statuses(executor);
    }

    /** Committed entries, oldest first, as they are while the stream runs. */
    Stream<TaskEntry> entries();

    /** As {@link #statuses(String, Duration)}. */
    default Stream<TaskEntry> entries(Duration patience) {
        return entries();
    }

    /** Names of executors that were ever used here. */
    default List<String> executors() {
        return List.of();
    }

    /** Totals of one executor. */
    ExecutorView executor(String name);

    /** Unfinished tasks of {@code executor} here, committed and in flight; a hint for routing. */
    int unfinished(String executor);

    /**
     * A task and its attempt.
     *
     * @param running null if none runs
     */
    record TaskStatus(TaskEntry entry, Execution.@Nullable Running running) {}

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
