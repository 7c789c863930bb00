package dev.holdfast.node.admin;

import dev.holdfast.node.admin.AdminFailure.Reason;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.node.partition.PartitionSweep;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the node tells of its tasks: what is committed, and what runs. Reads as any thread may. */
public final class LiveTasks {

    private static final long END_MILLIS = 5_000;

    private final List<PartitionAccess> partitions;
    private final Duration patience;

    LiveTasks(AdminHost host) {
        this.partitions = host.partitions();
        this.patience = host.context().config().getSubmitTimeout();
    }

    /** Those that can not be read. */
    Stream<PartitionAccess> refusing() {
        return partitions.stream().filter(partition -> partition.problem() != null);
    }

    /**
     * The end of what is committed in {@code partition}; empty if it refuses.
     *
     * @throws AdminFailure it serves and did not tell in time, as when its disk stalls: it may be written meanwhile
     */
    public static Optional<LogEnd> writtenEnd(PartitionAccess partition) {
        if (!(partition instanceof Partition serving) || serving.problem() != null) {
            return Optional.empty();
        }
        return within(END_MILLIS, serving, serving.committedEnd());
    }

    /** That nobody writes a partition is said by its problem alone, never by its silence. */
    static Optional<LogEnd> within(long millis, PartitionAccess partition, Future<LogEnd> committed) {
        Exception why;
        try {
            LogEnd end = committed.get(millis, TimeUnit.MILLISECONDS);
            return partition.problem() == null ? Optional.of(end) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            why = e;
        } catch (ExecutionException | TimeoutException e) {
            why = e;
        }
        if (partition.problem() != null) {
            return Optional.empty();
        }
        throw new AdminFailure(
                Reason.FAILED,
                "The partition did not tell its committed end in time, its disk may be slow: partition="
                        + partition.id() + ", millis=" + millis + "; try again",
                why);
    }

    /** In no order, all that there are: what is wanted of them is chosen afterwards. */
    PartitionSweep<SeenTask> tasks() {
        List<PartitionAccess> readable = partitions.stream()
                .filter(partition -> partition.problem() == null)
                .toList();
        return new PartitionSweep<>(readable, patience, this::tasks);
    }

    private Stream<SeenTask> tasks(PartitionAccess partition, Duration wait) {
        Map<String, Long> waiting = new HashMap<>();
        Map<String, Boolean> paused = new HashMap<>();
        Attempts attempts = new Attempts(partition);
        return partition.entries(wait).map(entry -> {
            SeenTask.Running attempt = attempts.of(entry);
            boolean waits = entry.state() == SnapshotItem.State.UNFINISHED && attempt == null;
            long ahead = waits ? waiting.merge(entry.executor(), 1L, Long::sum) - 1 : 0;
            boolean executorPaused = paused.computeIfAbsent(
                    entry.executor(), name -> partition.executor(name).paused());
            return SeenTask.of(partition.id(), entry, attempt, partition.node(), ahead, executorPaused);
        });
    }

    /** What runs of a partition, asked for once for each executor: it may be led by another node. One thread. */
    private static final class Attempts {
        private final PartitionAccess partition;
        private final Map<String, Map<TaskId, SeenTask.Running>> byExecutor = new HashMap<>();

        Attempts(PartitionAccess partition) {
            this.partition = partition;
        }

        SeenTask.@Nullable Running of(TaskEntry entry) {
            return entry.state() != SnapshotItem.State.UNFINISHED
                    ? null
                    : byExecutor
                            .computeIfAbsent(entry.executor(), this::running)
                            .get(TaskId.of(partition.id(), entry.sequence()));
        }

        private Map<TaskId, SeenTask.Running> running(String executor) {
            Map<TaskId, SeenTask.Running> running = new HashMap<>();
            partition
                    .running(executor)
                    .forEach(each ->
                            running.put(each.task(), new SeenTask.Running(each.attempt(), each.startedAtMillis())));
            return running;
        }
    }

    Optional<SeenTask> find(TaskId task) {
        PartitionAccess partition = partition(task);
        TaskEntry entry = partition == null ? null : partition.find(task.sequence());
        if (partition == null || entry == null) {
            return Optional.empty();
        }
        Attempts attempts = new Attempts(partition);
        SeenTask.Running attempt = attempts.of(entry);
        boolean waits = entry.state() == SnapshotItem.State.UNFINISHED && attempt == null;
        return Optional.of(SeenTask.of(
                partition.id(),
                entry,
                attempt,
                partition.node(),
                waits ? ahead(partition, entry, attempts) : 0,
                partition.executor(entry.executor()).paused()));
    }

    private static long ahead(PartitionAccess partition, TaskEntry entry, Attempts attempts) {
        return partition
                .entries()
                .takeWhile(other -> other.sequence() < entry.sequence())
                .filter(other -> other.executor().equals(entry.executor())
                        && other.state() == SnapshotItem.State.UNFINISHED
                        && attempts.of(other) == null)
                .count();
    }

    Staleness staleness(TaskId task) {
        PartitionAccess partition = partition(task);
        return partition == null
                ? Staleness.UNKNOWN
                : partition.executors().stream()
                        .map(executor -> partition.staleness(executor, task.sequence()))
                        .filter(staleness -> staleness != Staleness.UNKNOWN)
                        .findFirst()
                        .orElse(Staleness.UNKNOWN);
    }

    /** The bytes of the task or of its result; null if there are none. May read the disk. */
    byte @Nullable [] read(TaskId task, boolean result) {
        PartitionAccess partition = partition(task);
        TaskEntry entry = partition == null ? null : partition.find(task.sequence());
        if (partition == null || entry == null) {
            return null;
        }
        Part part = result ? Part.RESULT : Part.PAYLOAD;
        return part.of(entry) == null ? null : partition.read(entry, part);
    }

    private @Nullable PartitionAccess partition(TaskId task) {
        int number = task.partition().value();
        return number < partitions.size() && partitions.get(number).problem() == null ? partitions.get(number) : null;
    }
}
