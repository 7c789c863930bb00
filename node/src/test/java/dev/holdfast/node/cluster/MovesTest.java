package dev.holdfast.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MovesTest {

    private static final NodeId SELF = new NodeId("a");
    private static final NodeId OTHER = new NodeId("b");

    private final Moves moves = new Moves(SELF);

    private static PartitionRow row(long epoch, NodeId primary, Set<NodeId> inSync, NodeId... replicas) {
        return new PartitionRow(
                new PartitionId(3),
                List.of(replicas),
                new TreeSet<>(inSync),
                new TreeSet<>(),
                Optional.of(primary),
                new Epoch(epoch),
                new RowVersion(epoch),
                1 << 20);
    }

    @Test
    void whoStandsFirstAndIsInSyncIsHandedOverToOnce() {
        PartitionRow row = row(4, SELF, Set.of(SELF, OTHER), OTHER, SELF);
        assertThat(moves.next(row)).contains(OTHER);
        assertThat(moves.next(row.next())).isEmpty();
        assertThat(moves.next(row(5, SELF, Set.of(SELF, OTHER), OTHER, SELF))).contains(OTHER);
    }

    @Test
    void nobodyIsHandedOverToWhoLearnsOrBehindThePrimaryOrOfAnotherPrimary() {
        assertThat(moves.next(row(4, SELF, Set.of(SELF), OTHER, SELF))).isEmpty();
        assertThat(moves.next(row(4, SELF, Set.of(SELF, OTHER), SELF, OTHER))).isEmpty();
        assertThat(moves.next(row(4, OTHER, Set.of(SELF, OTHER), OTHER, SELF))).isEmpty();
    }

    @Test
    void afterTheStopNothingIsBalanced() {
        moves.stop();
        assertThat(moves.next(row(4, SELF, Set.of(SELF, OTHER), OTHER, SELF))).isEmpty();
    }
}
