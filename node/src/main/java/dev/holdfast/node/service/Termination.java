package dev.holdfast.node.service;

import dev.holdfast.HoldfastException;
import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.codec.UndecodableTaskException;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.node.partition.PartitionAccess.TaskStatus;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The end of an executor: {@code shutdownNow}, {@code isTerminated}, {@code awaitTermination}. */
final class Termination {

    /** Cancels in flight per partition: enough for a group commit, few enough for the inbox. */
    private static final int CANCELS_AT_ONCE = 256;

    /** A shutdown by another node, or a thread that is still on its way out of a task, tells nobody. */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** As above, where a look is a question to other nodes. */
    private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Core core;
    private final ExecutorOperations operations;

    Termination(Core core, ExecutorOperations operations) {
        this.core = core;
        this.operations = operations;
    }

    boolean isTerminated() {
        return operations.latest().shutdown()
                && core.views().stream().allMatch(view -> view.unfinished() == 0)
                && core.running() == 0;
    }

    /** Waits for the youngest unfinished task rather than polling: most others end before it. */
    boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + unit.toNanos(timeout);
        try (NodeContext.Blocking blocking = core.context().blocking()) {
            while (!isTerminated()) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                CountDownLatch ended = new CountDownLatch(1);
                AutoCloseable registration = awaitYoungest(ended);
                try {
                    boolean unused = ended.await(
                            registration == null ? Math.min(left, pauseNanos()) : left, TimeUnit.NANOSECONDS);
                } finally {
                    if (registration != null) {
                        TaskFuture.takeBack(registration);
                    }
                }
            }
            return true;
        }
    }

    private long pauseNanos() {
        boolean here = core.partitions().stream().allMatch(PartitionAccess::isLocal);
        return here ? LOOK_AGAIN_NANOS : ASK_AGAIN_NANOS;
    }

    /** Null where there is none, or none may be looked at: a member may not tell a client of protected tasks, but for how many there are. */
    private @Nullable AutoCloseable awaitYoungest(CountDownLatch ended) {
        if (!operations.latest().shutdown()) {
            return null;
        }
        for (PartitionAccess partition : core.partitions()) {
            if (partition.executor(core.name()).unfinished() > 0) {
                Optional<TaskStatus> youngest;
                try {
                    youngest = unfinished(partition).reduce((older, younger) -> younger);
                } catch (SplitBrainProtectionException e) {
                    return null;
                }
                if (youngest.isPresent()) {
                    long sequence = youngest.get().entry().sequence();
                    return partition.await(core.name(), sequence, reply -> ended.countDown());
                }
            }
        }
        return null;
    }

    private Stream<TaskStatus> unfinished(PartitionAccess partition) {
        return partition.statuses(core.name()).filter(status -> status.entry().state() == State.UNFINISHED);
    }

    /**
     * Tasks that never started, in the order of their partitions and age; they are cancelled. Where a partition does not answer, the
     * others are gone through and what runs is interrupted all the same, before that is told.
     */
    List<Runnable> shutdownNow() {
        operations.perform(Operation.SHUTDOWN);
        List<Runnable> neverStarted = new ArrayList<>();
        List<Runnable> interrupts = new ArrayList<>();
        RuntimeException failure = null;
        for (PartitionAccess partition : core.partitions()) {
            try {
                cancelAll(partition, neverStarted, interrupts);
            } catch (RuntimeException e) {
                RuntimeException problem = afterTheShutdown(e);
                if (failure == null) {
                    failure = problem;
                } else {
                    failure.addSuppressed(problem);
                }
            }
        }
        // Last: a worker that comes free sooner would start one of those that are to be cancelled.
        interrupts.forEach(Runnable::run);
        if (failure != null) {
            throw failure;
        }
        return neverStarted;
    }

    /** A member may refuse to tell a client of the tasks; that alone says that nothing was done, and the executor is shut down. */
    private RuntimeException afterTheShutdown(RuntimeException failure) {
        return failure instanceof SplitBrainProtectionException
                ? new HoldfastException(
                        ErrorCode.CLUSTER_TOO_SMALL,
                        "The executor is shut down, but its tasks may not be read, so those were not cancelled: executor="
                                + core.name() + "; they run; start more members, and call it again",
                        failure)
                : failure;
    }

    private void cancelAll(PartitionAccess partition, List<Runnable> neverStarted, List<Runnable> interrupts) {
        if (partition.problem() != null) {
            return;
        }
        List<TaskStatus> tasks = unfinished(partition).toList();
        for (int from = 0; from < tasks.size(); from += CANCELS_AT_ONCE) {
            cancelAll(
                    partition,
                    tasks.subList(from, Math.min(from + CANCELS_AT_ONCE, tasks.size())),
                    neverStarted,
                    interrupts);
        }
    }

    private void cancelAll(
            PartitionAccess partition, List<TaskStatus> tasks, List<Runnable> neverStarted, List<Runnable> interrupts) {
        long deadlineNanos = core.calls().deadlineNanos();
        List<ReplyWait> waits = new ArrayList<>();
        List<TaskEntry> asked = new ArrayList<>();
        List<Runnable> rebuilt = new ArrayList<>();
        for (TaskStatus status : tasks) {
            TaskEntry task = status.entry();
            if (status.running() != null) {
                interrupts.add(() -> partition.interrupt(task.sequence()));
            } else {
                rebuilt.add(rebuild(partition, task)); // before the cancellation removes its bytes
                asked.add(task);
                ReplyWait wait = new ReplyWait();
                core.calls().post(partition, new Command.Cancel(core.name(), task.sequence()), wait);
                waits.add(wait);
            }
        }
        List<Reply> replies = new ArrayList<>();
        waits.forEach(wait -> replies.add(core.calls().answer(partition, wait, deadlineNanos)));
        Set<Long> started = runningSequences(partition); // meanwhile
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof Reply.Done done && done.changed()) {
                long sequence = asked.get(i).sequence();
                if (started.contains(sequence)) {
                    interrupts.add(() -> partition.interrupt(sequence));
                } else {
                    neverStarted.add(rebuilt.get(i));
                }
            }
        }
    }

    private Set<Long> runningSequences(PartitionAccess partition) {
        return partition.running(core.name()).stream()
                .map(attempt -> attempt.task().sequence())
                .collect(Collectors.toSet());
    }

    private Runnable rebuild(PartitionAccess partition, TaskEntry task) {
        long taskId = TaskId.of(partition.id(), task.sequence()).value();
        if (task.payload() == null) {
            return new NeverStarted.Unreadable(taskId, "its bytes are gone");
        }
        try {
            TaskCodec.Decoded decoded = core.codec().decodeTask(task.spec(), partition.read(task, Part.PAYLOAD));
            return decoded.target() instanceof Runnable original ? original : new NeverStarted.OfCallable(decoded);
        } catch (UndecodableTaskException | BodyGoneException e) {
            return new NeverStarted.Unreadable(taskId, String.valueOf(e.getMessage()));
        }
    }
}
