package dev.holdfast.node.assembly;

import dev.holdfast.node.execution.RunningTask;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the attempts of a node that closes. Nothing new is started by then. What runs on after the grace is abandoned: that is
 * committed first, so the attempt counts as no crash and whatever it still returns is dropped; only then it is interrupted.
 */
final class GracefulClose {

    private static final Logger LOG = LoggerFactory.getLogger(GracefulClose.class);
    private static final long COMMIT_SECONDS = 10;
    /** For tasks that heed an interrupt. */
    private static final long LEAVE_SECONDS = 2;

    private final RunningTasks running;
    private final List<PartitionAccess> partitions;

    GracefulClose(RunningTasks running, List<PartitionAccess> partitions) {
        this.running = running;
        this.partitions = partitions;
    }

    /** Returns how many attempts were abandoned. */
    int endAttempts(Duration grace) {
        // A task that closes its own node does not wait for itself.
        int own = (int)
                running.all().stream().filter(RunningTask::isOfCurrentThread).count();
        if (running.awaitAtMost(own, grace.toNanos(), TimeUnit.NANOSECONDS) && own == 0) {
            return 0;
        }
        List<RunningTask> left = new ArrayList<>(running.all());
        abandon(left);
        for (RunningTask task : left) {
            LOG.info(
                    "Interrupted a task after the grace, it runs again at the next start: taskId={}, executor={}, "
                            + "attempt={}, grace={}",
                    task.task(),
                    task.executor(),
                    task.attempt(),
                    grace);
            if (!task.isOfCurrentThread()) {
                task.interrupt();
            }
        }
        running.awaitAtMost(own, LEAVE_SECONDS, TimeUnit.SECONDS);
        return left.size();
    }

    private void abandon(List<RunningTask> left) {
        List<CompletableFuture<Reply>> commits = new ArrayList<>();
        for (RunningTask task : left) {
            task.abandon();
            CompletableFuture<Reply> commit = new CompletableFuture<>();
            PartitionAccess partition = partitions.get(task.task().partition().value());
            if (partition.post(new Command.Abandon(task.task().sequence(), task.attempt()), commit::complete)) {
                commits.add(commit);
            }
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(commits.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, COMMIT_SECONDS, TimeUnit.SECONDS);
        all.join();
    }
}
