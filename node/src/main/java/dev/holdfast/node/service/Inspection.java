package dev.holdfast.node.service;

import dev.holdfast.DurableExecutorStats;
import dev.holdfast.DurableExecutorStats.Latency;
import dev.holdfast.HoldfastException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution.Running;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.node.partition.PartitionAccess.TaskStatus;
import dev.holdfast.node.partition.PartitionSweep;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of an executor and its tasks. Reads what is committed, on the caller's thread. */
final class Inspection {

    private final Core core;

    Inspection(Core core) {
        this.core = core;
    }

    Optional<TaskInfo> task(long taskId) {
        checkRead();
        PartitionAccess partition = core.router().find(taskId);
        if (partition == null) {
            return Optional.empty();
        }
        TaskStatus status = partition.status(TaskControl.sequence(taskId));
        if (status == null && partition.problem() != null) {
            throw core.calls().refusing(partition); // whether there is such a task is not known
        }
        return status != null && status.entry().executor().equals(core.name())
                ? Optional.of(info(partition, status))
                : Optional.empty();
    }

    /** Partitions that refuse are left out; the cluster's list of partitions names them. */
    Stream<TaskInfo> tasks(TaskQuery query) {
        checkRead();
        List<PartitionAccess> readable = core.partitions().stream()
                .filter(partition -> partition.problem() == null)
                .toList();
        Duration patience = core.context().config().getSubmitTimeout();
        PartitionSweep<TaskInfo> sweep = new PartitionSweep<>(
                readable,
                patience,
                (partition, wait) -> partition.statuses(core.name(), wait).map(status -> info(partition, status)));
        Stream<TaskInfo> matching = sweep.stream().filter(query::matches);
        return Stream.concat(matching, Stream.of(sweep).flatMap(swept -> nothingIsMissing(swept, patience)))
                .limit(query.getLimit());
    }

    /** At the end, so that who reads has what there is. */
    private static Stream<TaskInfo> nothingIsMissing(PartitionSweep<TaskInfo> sweep, Duration patience) {
        SortedMap<Integer, String> missing = sweep.missing();
        if (missing.isEmpty()) {
            return Stream.empty();
        }
        throw new HoldfastException(
                ErrorCode.PARTITION_WITHOUT_LEADER,
                "Nobody who leads some partitions answered in time, their tasks are missing here, what others have was told:"
                        + " partitions=" + missing.keySet() + ", timeout=" + patience + ", problem="
                        + missing.get(missing.firstKey()) + "; ask again later");
    }

    private void checkRead() {
        core.context().checkOpen();
        core.protection().checkRead();
    }

    private TaskInfo info(PartitionAccess partition, TaskStatus status) {
        TaskEntry entry = status.entry();
        Running running = status.running();
        return new TaskInfo(
                TaskId.of(partition.id(), entry.sequence()).value(),
                entry.executor(),
                state(entry, running),
                running == null ? entry.attempt() : running.attempt(),
                Instant.ofEpochMilli(entry.submittedAtMillis()),
                instant(running == null ? entry.startedAtMillis() : running.startedAtMillis()),
                instant(entry.finishedAtMillis()),
                Optional.empty(),
                entry.spec().typeName(),
                entry.spec().key(),
                entry.spec().label(),
                partition.node(),
                failure(entry),
                partition.copies());
    }

    private static TaskState state(TaskEntry entry, @Nullable Running running) {
        return switch (entry.state()) {
            case UNFINISHED -> running == null ? TaskState.PENDING : TaskState.RUNNING;
            case PARKED -> TaskState.PARKED;
            case QUARANTINED -> TaskState.QUARANTINED;
            case COMPLETED -> TaskState.COMPLETED;
            case FAILED -> TaskState.FAILED;
            case CANCELLED -> TaskState.CANCELLED;
        };
    }

    private static Optional<Instant> instant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static @Nullable String failure(TaskEntry entry) {
        FailureInfo failure = entry.failure();
        if (failure == null) {
            return entry.heldReason();
        }
        return failure.message() == null ? failure.className() : failure.className() + ": " + failure.message();
    }

    DurableExecutorStats stats() {
        core.context().checkOpen();
        List<ExecutorView> views = core.views();
        long running = core.running();
        long unfinished = views.stream().mapToLong(ExecutorView::unfinished).sum();
        long pending = Math.max(unfinished - running, 0);
        if (!core.config().isStatisticsEnabled()) {
            return new DurableExecutorStats(
                    pending, running, 0, 0, 0, 0, 0, 0, 0, 0, 0, Latency.NONE, Latency.NONE, Latency.NONE);
        }
        LatencyRecorder latencies = core.latencies();
        return new DurableExecutorStats(
                pending,
                running,
                sum(views, Counters::completed),
                sum(views, Counters::failed),
                sum(views, Counters::cancelled),
                core.rejected().sum(),
                sum(views, Counters::recovered),
                sum(views, Counters::evicted),
                sum(views, Counters::quarantined),
                sum(views, Counters::parked),
                sum(views, Counters::retried),
                latencies.submitToStored(),
                latencies.submitToResult(),
                latencies.execution());
    }

    private static long sum(List<ExecutorView> views, ToLongFunction<Counters> counter) {
        return views.stream()
                .mapToLong(view -> counter.applyAsLong(view.counters()))
                .sum();
    }
}
