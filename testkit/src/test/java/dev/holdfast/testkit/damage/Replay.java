package dev.holdfast.testkit.damage;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.testkit.Described;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a start finds in the two partitions of a directory: what each log holds, every byte of it read, or why it refuses. The
 * directory is closed again without the marker of an orderly end.
 */
final class Replay {

    private final List<OfPartition> partitions;

    private Replay(List<OfPartition> partitions) {
        this.partitions = partitions;
    }

    /**
     * One partition.
     *
     * @param told its items and records as text, in order
     * @param recovered null where it refuses
     * @param refusal null where it serves
     */
    record OfPartition(
            List<String> told,
            @Nullable RecoveredLog recovered,
            @Nullable RuntimeException refusal) {}

    /** @throws RuntimeException the directory is refused as a whole */
    static Replay of(Path directory, SyncPolicy sync) {
        var config = Fixtures.config(directory, sync);
        try (NodeStorage storage =
                NodeStorage.open(config.getStorageConfig(), 2, config.getMaxPayload(), "trial", BootId.ofSystem())) {
            return new Replay(List.of(open(storage, 0), open(storage, 1)));
        }
    }

    private static OfPartition open(NodeStorage storage, int number) {
        Collecting collecting = new Collecting();
        try {
            RecoveredLog recovered = storage.openPartition(new PartitionId(number), collecting);
            return new OfPartition(collecting.told(recovered.log()), recovered, null);
        } catch (RuntimeException e) {
            return new OfPartition(List.of(), null, e);
        }
    }

    OfPartition partition(int number) {
        return partitions.get(number);
    }

    List<String> told(int number) {
        OfPartition partition = partitions.get(number);
        if (partition.refusal() != null) {
            throw partition.refusal();
        }
        return partition.told();
    }

    /** Task sequences that {@code told} speaks of as submitted. */
    static TreeSet<Long> submitted(List<String> told) {
        TreeSet<Long> sequences = new TreeSet<>();
        for (String line : told) {
            if (line.contains("Submitted[sequence=")) {
                sequences.add(Long.parseLong(line.replaceAll(".*Submitted\\[sequence=(\\d+).*", "$1")));
            }
        }
        return sequences;
    }

    /** Keeps what is handed over; bodies are read when the log is open. */
    private static final class Collecting implements ReplayHandler {

        private record Entry(String place, Object value) {}

        private final List<Entry> entries = new ArrayList<>();

        @Override
        public void onSnapshot(SnapshotItem item) {
            entries.add(new Entry("item", item));
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            entries.add(new Entry("lsn=" + lsn.value() + ", epoch=" + epoch.value(), replicated));
        }

        List<String> told(PartitionLog log) {
            return entries.stream()
                    .map(entry -> entry.place() + ": " + Described.describe(entry.value(), log::read))
                    .toList();
        }
    }
}
