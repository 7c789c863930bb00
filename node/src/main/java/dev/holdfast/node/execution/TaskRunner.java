package dev.holdfast.node.execution;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.codec.UndecodableTaskException;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs queued tasks on the calling worker: looks whether the task still is to run, logs the attempt where it must not start
 * unlogged, runs it, and posts what came of it. Thread-safe; throws nothing.
 */
public final class TaskRunner implements WorkerPool.Runner {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
    private static final Consumer<Reply> NOBODY_ASKS = reply -> {};

    private final TaskEnvironment environment;
    private final RunningTasks runningTasks;
    private final Suspects suspects = new Suspects();
    private final Attempt attempts;

    public TaskRunner(TaskEnvironment environment, RunningTasks runningTasks) {
        this.environment = environment;
        this.runningTasks = runningTasks;
        this.attempts = new Attempt(environment);
    }

    /** For those who look at the node. */
    public SuspectsNow suspects() {
        return suspects.now();
    }

    @Override
    public void run(QueuedTask queued, WorkerPool pool) {
        try {
            if (!queued.partition().mayStart()) {
                startLater(queued, pool);
                return;
            }
            TaskEntry entry = queued.partition().find(queued.sequence());
            if (entry == null) {
                return;
            }
            switch (entry.state()) {
                case UNFINISHED -> run(queued, entry, pool);
                case PARKED -> unpark(queued.partition(), entry);
                case QUARANTINED, COMPLETED, FAILED, CANCELLED -> {}
            }
        } catch (RuntimeException | Error e) {
            LOG.error(
                    ErrorCode.TASK_NOT_RUN.says(
                            "A task could not be run, it stays stored and runs at the next start: taskId={}"),
                    idOf(queued).value(),
                    e);
        }
    }

    /**
     * For a partition that is handed over, or whose lease is out. Not for one that failed: nothing that the task does could be
     * stored, and it runs at the next start.
     */
    private static void startLater(QueuedTask queued, WorkerPool pool) {
        if (queued.partition().problem() == null) {
            queued.partition().startLater(() -> pool.execute(queued));
        }
    }

    private void run(QueuedTask queued, TaskEntry entry, WorkerPool pool) {
        if (entry.crashes() == 0) {
            start(queued, entry, pool);
        } else if (suspects.enter(queued, pool)) {
            try {
                start(queued, entry, pool);
            } finally {
                suspects.leave(queued);
            }
        }
    }

    private void start(QueuedTask queued, TaskEntry entry, WorkerPool pool) {
        int attempt = entry.attempt() + 1;
        if (entry.logsNextStart()) {
            if (!(ask(queued.partition(), new Command.StartAttempt(queued.sequence()))
                    instanceof Reply.MayStart mayStart)) {
                return;
            }
            attempt = mayStart.attempt();
        }
        RunningTask running = new RunningTask(
                queued.partition(),
                queued.sequence(),
                entry.executor(),
                attempt,
                environment.clock().millis());
        runningTasks.add(running);
        try {
            // Looked at after it is registered: who cancels or closes either is seen here, or sees the attempt.
            TaskEntry now = queued.partition().find(queued.sequence());
            if (now == null || now.state() != State.UNFINISHED) {
                return;
            }
            boolean mayStart = queued.partition().mayStart();
            if (pool.isStopped() || !mayStart) {
                queued.partition().post(new Command.Abandon(queued.sequence(), attempt), NOBODY_ASKS);
                if (!mayStart) {
                    startLater(queued, pool);
                }
                return;
            }
            finish(queued.partition(), running, attempts.run(queued.partition(), now, running));
        } finally {
            runningTasks.remove(running);
        }
    }

    /** Posts what came of an attempt; the worker does not wait for the commit. */
    private static void finish(Partition partition, RunningTask running, @Nullable Command outcome) {
        if (outcome == null || running.isAbandoned()) {
            return;
        }
        if (!partition.postFromPool(outcome, NOBODY_ASKS)) {
            LOG.warn(
                    ErrorCode.OUTCOME_NOT_STORED.says(
                            "The outcome of a task was not stored, it runs again at the next start:"
                                    + " taskId={}, executor={}, attempt={}, because={}"),
                    running.task().value(),
                    running.executor(),
                    running.attempt(),
                    partition.problem());
        }
    }

    /** A task that was parked at an earlier start runs again if it can be decoded now. */
    private void unpark(Partition partition, TaskEntry entry) {
        Body payload = entry.payload();
        if (payload == null) {
            return;
        }
        try {
            environment.codec().decodeTask(entry.spec(), partition.read(payload));
        } catch (UndecodableTaskException e) {
            LOG.debug(
                    "Stays parked: taskId={}, because={}", TaskId.of(partition.id(), entry.sequence()), e.getMessage());
            return;
        }
        partition.post(new Command.Retry(entry.executor(), entry.sequence(), null, false), NOBODY_ASKS);
    }

    /** Waits for the commit; a partition that fails answers too. */
    private static @Nullable Reply ask(Partition partition, Command command) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        return partition.post(command, answer::complete) ? answer.join() : null;
    }

    private static TaskId idOf(QueuedTask queued) {
        return TaskId.of(queued.partition().id(), queued.sequence());
    }
}
