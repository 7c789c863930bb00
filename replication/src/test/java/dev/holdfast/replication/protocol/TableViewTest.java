package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TableViewTest {

    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final long BEACON = TestCluster.TIMING.beaconNanos();

    private final ReplicaSettings settings =
            new ReplicaSettings(A, new Session(1), false, true, TestCluster.TIMING, TestCluster.LIMITS);
    private final PartitionRow row = new PartitionRow(
            new PartitionId(0),
            List.of(A, B),
            new TreeSet<>(List.of(A)),
            new TreeSet<>(),
            Optional.of(A),
            new Epoch(1),
            new RowVersion(4),
            0);
    private final List<Output> outputs = new ArrayList<>();

    private ProposalId lastProposed() {
        return ((Output.Propose) outputs.get(outputs.size() - 1)).proposal().id();
    }

    /** The table that this node sees may be behind for long. */
    @Test
    void aFenceThatMeetsAnOldRowIsTriedAgainAfterAPause() {
        ReplicaStart start = ReplicaStart.blank(Optional.of(row), TableTerms.of(1));
        TableView table = new TableView(settings, start, Epoch.NONE, outputs);
        table.propose(RowChanges.expand(row, B, 1), settings.ownSession(), Optional.of(B));
        table.indeterminate(lastProposed(), 0);
        table.tick(BEACON);
        table.conflicted(lastProposed(), row, BEACON);
        assertThat(outputs).as("the proposal, again, and a fence").hasSize(3);
        table.conflicted(lastProposed(), row, BEACON);
        table.tick(2 * BEACON - 1);
        assertThat(outputs).as("before a beacon has passed").hasSize(3);
        assertThat(table.candidate()).as("it may get in yet").contains(B);
        table.tick(2 * BEACON);
        assertThat(outputs).hasSize(4);
        assertThat(table.applied(RowChanges.fence(row))).isTrue();
        assertThat(table.isProposing()).isFalse();
    }

    /** R12: forced is what is there, and what was truncated never comes back. */
    @Test
    void whoseLogWasTruncatedMayStandAlone() {
        ReplicaState state = new ReplicaState(settings, ReplicaStart.blank(Optional.of(row), TableTerms.of(1)), 0);
        LogEnd end = new LogEnd(new Lsn(1), new Epoch(1), 7);
        state.log.appendOwn(new Epoch(1), TestRecords.of("x"), Optional.empty());
        state.log.appended(new Input.AppendDone(end, false));
        assertThat(state.isReadyToStandAlone()).isFalse();
        state.log.truncate(Lsn.NONE);
        state.truncated(LogEnd.EMPTY);
        assertThat(state.isReadyToStandAlone()).isTrue();
    }
}
