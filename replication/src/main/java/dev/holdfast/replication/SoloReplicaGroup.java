package dev.holdfast.replication;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionLog;
import java.util.List;
import java.util.Optional;

/**
 * The only copy of a partition. Under {@code os} and {@code interval} a record is committed when it is appended; under
 * {@code always} when the log was forced, by a {@link GroupForce} that serves all partitions of the node.
 */
public final class SoloReplicaGroup implements ReplicaGroup {

    private final PartitionLog log;
    private final Epoch epoch;
    private final boolean commitsByForce;
    private final Optional<GroupForce.Member> force;

    private volatile Lsn committed;
    private volatile Runnable listener = () -> {};

    /**
     * @param force null under {@link SyncPolicy#OS}, where nothing is forced for an acknowledgement
     * @throws IllegalArgumentException the policy needs a force and there is none
     */
    public SoloReplicaGroup(PartitionLog log, Epoch epoch, SyncPolicy sync, Optional<GroupForce> force) {
        if (sync != SyncPolicy.OS && force.isEmpty()) {
            throw new IllegalArgumentException("No thread that forces logs: sync=" + sync);
        }
        this.log = log;
        this.epoch = epoch;
        this.commitsByForce = sync == SyncPolicy.ALWAYS;
        this.force = force.map(group -> group.member(log, this::forced));
        this.committed = log.end().lsn();
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    @Override
    public List<LogRecord.Replicated> append(List<? extends LogRecord.Replicated> records) {
        List<LogRecord.Replicated> stored = log.append(epoch, records);
        if (!commitsByForce) {
            committed = log.end().lsn();
        }
        force.ifPresent(GroupForce.Member::request);
        return stored;
    }

    @Override
    public LogEnd end() {
        return log.end();
    }

    @Override
    public Lsn committed() {
        return committed;
    }

    @Override
    public void acknowledge(Lsn lsn) {
        log.acknowledge(lsn);
    }

    @Override
    public void onCommit(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public boolean mayServe() {
        return true;
    }

    private void forced(LogEnd end) {
        if (commitsByForce) {
            committed = end.lsn();
            listener.run();
        }
    }
}
