package dev.holdfast.node.cluster;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.RowChange;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SequenceLimits;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reservation of this node's disk, under the ceiling that the control table has for the partition: no node issues a
 * sequence at or above it, so that whoever has to go on after a loss knows where no id was ever issued. Raised ahead of need, by
 * the primary. Any thread.
 */
final class IdCeiling implements SequenceLimits {

    private static final Logger LOG = LoggerFactory.getLogger(IdCeiling.class);

    /** What the table raises it by. */
    private static final long STEP = 1L << 32;

    private final PartitionId partition;
    private final SequenceLimits disk;
    private final ControlPlane control;
    private final NodeId self;
    private final Session session;
    private final AtomicBoolean raising = new AtomicBoolean();

    /** It is said once that it does not work, not with each try. */
    private final AtomicBoolean failing = new AtomicBoolean();

    IdCeiling(PartitionId partition, SequenceLimits disk, ControlPlane control, NodeId self, Session session) {
        this.partition = partition;
        this.disk = disk;
        this.control = control;
        this.self = self;
        this.session = session;
    }

    /** As the table has it now. */
    long ceiling() {
        PartitionRow row = control.state().row(partition);
        return row == null ? 0 : row.idCeiling();
    }

    @Override
    public long reservedEndExclusive() {
        return Math.min(disk.reservedEndExclusive(), ceiling());
    }

    @Override
    public void reserve(long endExclusive) {
        long ceiling = ceiling();
        if (endExclusive > ceiling - STEP / 2) {
            raise();
        }
        disk.reserve(Math.min(endExclusive, ceiling));
    }

    /** Should it not work, the next reservation tries again. */
    private void raise() {
        PartitionRow row = control.state().row(partition);
        if (row == null || !row.isPrimary(self) || !raising.compareAndSet(false, true)) {
            return;
        }
        PartitionRow next = new PartitionRow(
                row.partition(),
                row.replicas(),
                row.inSync(),
                row.eligible(),
                row.primary(),
                row.epoch(),
                new RowVersion(row.version().value() + 1),
                row.idCeiling() + STEP);
        RowChange change = new RowChange(next, self, session, Collections.emptySortedMap());
        CommandId id = new CommandId(UUID.randomUUID().toString());
        var unused = control.propose(new Proposal(id, new ClusterCommand.ChangeRow(change)))
                .whenComplete((outcome, failure) -> {
                    raising.set(false);
                    if (failure == null) {
                        failing.set(false);
                    } else if (!failing.getAndSet(true)) {
                        LOG.warn(
                                ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says(
                                        "Could not raise the ceiling of task ids, it is tried until it works: partition={}, cause={}"),
                                partition,
                                failure.toString());
                    }
                });
    }
}
