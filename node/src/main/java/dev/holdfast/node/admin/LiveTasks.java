package dev.holdfast.node.admin;

import dev.holdfast.TaskQuery;
import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.node.execution.RunningTask;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the node tells of itself: what is committed, and what runs. Reads as any thread may. */
public final class LiveTasks {

    private final LiveNode node;
    private final List<PartitionAccess> partitions;
    private final RunningTasks running;

    public LiveTasks(LiveNode node, List<PartitionAccess> partitions, RunningTasks running) {
        this.node = node;
        this.partitions = List.copyOf(partitions);
        this.running = running;
    }

    LiveNode node() {
        return node;
    }

    /** Those that can not be read. */
    Stream<PartitionAccess> refusing() {
        return partitions.stream().filter(partition -> partition.problem() != null);
    }

    /** In no order, without the query's limit. */
    Stream<SeenTask> tasks(TaskQuery query, @Nullable String executor) {
        return partitions.stream()
                .filter(partition -> partition.problem() == null)
                .flatMap(this::tasks)
                .filter(task -> executor == null || executor.equals(task.executor()))
                .filter(task -> query.matches(task.info()));
    }

    private Stream<SeenTask> tasks(PartitionAccess partition) {
        Map<String, Long> waiting = new HashMap<>();
        Map<String, Boolean> paused = new HashMap<>();
        return partition.entries().map(entry -> {
            SeenTask.Running attempt = running(partition, entry);
            boolean waits = entry.state() == SnapshotItem.State.UNFINISHED && attempt == null;
            long ahead = waits ? waiting.merge(entry.executor(), 1L, Long::sum) - 1 : 0;
            boolean executorPaused = paused.computeIfAbsent(
                    entry.executor(), name -> partition.executor(name).paused());
            return SeenTask.of(partition.id(), entry, attempt, node.name(), ahead, executorPaused);
        });
    }

    private SeenTask.@Nullable Running running(PartitionAccess partition, TaskEntry entry) {
        if (entry.state() != SnapshotItem.State.UNFINISHED) {
            return null;
        }
        RunningTask attempt = running.find(TaskId.of(partition.id(), entry.sequence()));
        return attempt == null ? null : new SeenTask.Running(attempt.attempt(), attempt.startedAtMillis());
    }

    Optional<SeenTask> find(TaskId task) {
        PartitionAccess partition = partition(task);
        if (partition == null || partition.find(task.sequence()) == null) {
            return Optional.empty();
        }
        try (Stream<SeenTask> tasks = tasks(partition)) {
            return tasks.filter(seen -> seen.taskId().equals(task)).findFirst();
        }
    }

    Staleness staleness(TaskId task) {
        if (partition(task) instanceof Partition serving) {
            return serving.executors().stream()
                    .map(executor -> serving.staleness(executor, task.sequence()))
                    .filter(staleness -> staleness != Staleness.UNKNOWN)
                    .findFirst()
                    .orElse(Staleness.UNKNOWN);
        }
        return Staleness.UNKNOWN;
    }

    /** The bytes of the task or of its result; null if there are none. May read the disk. */
    byte @Nullable [] read(TaskId task, boolean result) {
        PartitionAccess partition = partition(task);
        TaskEntry entry = partition == null ? null : partition.find(task.sequence());
        if (partition == null || entry == null) {
            return null;
        }
        Body body = result ? entry.result() : entry.payload();
        return body == null ? null : partition.read(body);
    }

    private @Nullable PartitionAccess partition(TaskId task) {
        int number = task.partition().value();
        return number < partitions.size() && partitions.get(number).problem() == null ? partitions.get(number) : null;
    }
}
