package dev.holdfast.node.cluster;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionRing;
import dev.holdfast.node.partition.Undecided;
import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.RecoveredLog;
import java.util.List;
import java.util.function.Consumer;

/** A partition's ring with its log in memory, served over copies whose progress a test says. */
final class ServedRing implements AutoCloseable {

    static final LogEnd BEFORE = new LogEnd(new Lsn(10), new Epoch(1), 1);
    static final LogEnd AFTER = new LogEnd(new Lsn(20), new Epoch(1), 2);

    private final HostCluster cluster = new HostCluster("a");
    private final HostDisk disk = HostDisk.memory(SyncPolicy.OS);
    private final PartitionRing ring =
            new PartitionRing(HostCluster.PARTITION, cluster.nodes.get(0).parts());
    final RecoveredLog recovered = disk.open(HostCluster.PARTITION, ring.following());

    /** Once. */
    Partition serve(Copies copies, Consumer<Undecided> undecided) {
        return ring.serve(recovered.replicated(), recovered.sequences(), copies, undecided);
    }

    @Override
    public void close() {
        disk.kill();
        cluster.close();
    }

    /** Of one batch, which is appended from {@link #BEFORE} to {@link #AFTER}; the log hears nothing of it. */
    static final class Copies implements ReplicaGroup {

        volatile Lsn committed = BEFORE.lsn();
        Runnable whileAppending = () -> {};
        private LogEnd end = BEFORE;

        @Override
        public Epoch epoch() {
            return new Epoch(1);
        }

        @Override
        public List<LogRecord.Replicated> append(List<? extends LogRecord.Replicated> records) {
            whileAppending.run();
            end = AFTER;
            return List.copyOf(records);
        }

        @Override
        public LogEnd end() {
            return end;
        }

        @Override
        public Lsn committed() {
            return committed;
        }

        @Override
        public void acknowledge(Lsn lsn) {}

        @Override
        public void onCommit(Runnable listener) {}

        @Override
        public boolean mayServe() {
            return true;
        }
    }
}
