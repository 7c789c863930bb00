package dev.holdfast.node.cluster;

import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.runtime.ReplicaShell;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Follows the order of preference in the table: who leads hands over to who stands first, once that is in sync. Thread-safe. */
final class Preference {

    private final NodeId self;
    private final ReplicaShell shell;
    private final BooleanSupplier serves;

    /** To whom the table wants it handed over, as far as the replica was told. */
    private Optional<NodeId> told = Optional.empty();

    /** Before this, who stands first may be the one that has just handed over, because its node closes. */
    private volatile long settledAtNanos;

    /** @param serves whether this node leads; false before {@link #forget} is called */
    Preference(NodeId self, ReplicaShell shell, BooleanSupplier serves) {
        this.self = self;
        this.shell = shell;
        this.serves = serves;
    }

    /** By the clock of {@link System#nanoTime}. */
    void settlesAt(long nanos) {
        settledAtNanos = nanos;
    }

    /** What was asked for before goes on until the table wants it no more. Never blocks. */
    synchronized void follow(PartitionRow row) {
        boolean leads = serves.getAsBoolean() && row.isPrimary(self);
        Optional<NodeId> first = row.replicas().stream().findFirst();
        boolean isSettled = System.nanoTime() - settledAtNanos >= 0;
        Optional<NodeId> wanted = first.filter(
                node -> leads && isSettled && !node.equals(self) && row.inSync().contains(node));
        if (wanted.equals(told)) {
            return;
        }
        boolean takenBack = leads && wanted.isEmpty();
        told = wanted;
        if (takenBack) {
            shell.cancelHandOver();
        }
        wanted.ifPresent(node -> shell.handOver(node, HandOverKind.BALANCE));
    }

    /** It leads no more: whoever does next is told anew. */
    synchronized void forget() {
        told = Optional.empty();
    }
}
