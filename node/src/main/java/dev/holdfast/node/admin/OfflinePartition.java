package dev.holdfast.node.admin;

import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.ExecutorState;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.ledger.RingListener;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.node.partition.ExecutorViews;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.storage.ReadOnlyStorage;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.segment.StoppedLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ledger of one partition, replayed. */
final class OfflinePartition {

    private final PartitionId id;
    private final TaskLedger ledger;
    private final StoppedLog log;

    private OfflinePartition(PartitionId id, TaskLedger ledger, StoppedLog log) {
        this.id = id;
        this.ledger = ledger;
        this.log = log;
    }

    /** @throws dev.holdfast.storage.log.LogDamagedException the log is damaged */
    static OfflinePartition replay(ReadOnlyStorage storage, PartitionId id) {
        TaskLedger ledger = new TaskLedger(id, executor -> ExecutorLimits.NONE, RingListener.NONE);
        return new OfflinePartition(id, ledger, storage.replay(id, ledger.replay()));
    }

    /** The bytes of the task, or of its result. */
    byte[] read(long sequence, boolean result) {
        TaskEntry entry = ledger.find(sequence);
        Body body = entry == null ? null : result ? entry.result() : entry.payload();
        if (body == null) {
            throw new IllegalArgumentException("Not a body of this view: partition=" + id + ", sequence=" + sequence);
        }
        return body instanceof Body.Inline inline ? inline.bytes() : log.read((Body.Stored) body);
    }

    void close() {
        log.close();
    }

    List<String> executors() {
        return ledger.executors();
    }

    ExecutorView executor(String name) {
        return ExecutorViews.of(name, ledger.executor(name));
    }

    Stream<SeenTask> tasks() {
        Map<String, Long> waiting = new HashMap<>();
        return ledger.entries().map(entry -> {
            boolean unfinished = entry.state() == SnapshotItem.State.UNFINISHED;
            long ahead = unfinished ? waiting.merge(entry.executor(), 1L, Long::sum) - 1 : 0;
            return task(entry, ahead);
        });
    }

    Optional<SeenTask> find(long sequence) {
        if (ledger.find(sequence) == null) {
            return Optional.empty();
        }
        try (Stream<SeenTask> tasks = tasks()) {
            return tasks.filter(task -> task.sequence() == sequence).findFirst();
        }
    }

    private SeenTask task(TaskEntry entry, long ahead) {
        @Nullable ExecutorState executor = ledger.executor(entry.executor());
        return SeenTask.of(id, entry, null, "", ahead, executor != null && executor.paused());
    }

    /** The first of the executors that knows something of the sequence tells it. */
    Staleness staleness(long sequence) {
        return ledger.executors().stream()
                .map(executor -> ledger.staleness(executor, sequence))
                .filter(staleness -> staleness != Staleness.UNKNOWN)
                .findFirst()
                .orElse(Staleness.UNKNOWN);
    }
}
