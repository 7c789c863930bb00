package dev.holdfast.node.cluster.membership;

import static dev.holdfast.node.cluster.membership.MemberRig.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.directory.ClusterFile;
import dev.holdfast.storage.directory.ClusterMark;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClusterOfOneTest {

    @TempDir
    Path directory;

    private MemberRig rig = new MemberRig(Path.of(""), 0);

    @AfterEach
    void close() {
        rig.close();
    }

    private static boolean isPlaced(ClusterState state) {
        return state.rows().values().stream().allMatch(row -> row.replicas().size() == 1);
    }

    @Test
    void aNodeAloneInItsListIsAClusterOfOne() throws Exception {
        rig = new MemberRig(directory, 0);
        ClusterMembership alone = rig.start(rig.config("alone"));
        assertThat(alone.memberCount()).isEqualTo(1);
        assertThat(alone.address().port()).isPositive();
        awaitState(alone, ClusterOfOneTest::isPlaced);
        assertThat(alone.register("more")).succeedsWithin(Duration.ofSeconds(10));
        awaitState(alone, state -> state.executors().containsKey("more"));
        assertThat(alone.state().wantedCopies())
                .as("as many as there are members")
                .isEqualTo(1);
        assertThat(alone.leave(Duration.ofMillis(300)))
                .as("nobody could take over")
                .isFalse();
        PartitionId first = new PartitionId(0);
        Epoch seen = Objects.requireNonNull(alone.state().row(first)).epoch();
        assertThat(alone.recover(first, alone.self(), new Epoch(seen.value() + 1), false, "somebody"))
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(outcome -> assertThat(outcome.verdict()).isEqualTo(Outcome.Verdict.CONFLICT))
                .satisfies(outcome -> assertThat(outcome.message()).contains("epoch-seen=", "look again"));
        assertThat(alone.recover(first, alone.self(), seen, false, "somebody"))
                .succeedsWithin(Duration.ofSeconds(10))
                .extracting(Outcome::verdict)
                .isEqualTo(Outcome.Verdict.APPLIED);
        awaitState(alone, state -> state.recoveries().containsKey(first));
        assertThatThrownBy(() -> alone.recover(first, new NodeId("nobody"), seen, false, "somebody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("disk-id=nobody");
    }

    @Test
    void aClaimThatWasNotHeardOfIsTheDisksOwnAndItsVotesHaveToBeThere() throws Exception {
        rig = new MemberRig(directory, 1);
        awaitState(rig.start(rig.config("a")), ClusterOfOneTest::isPlaced);
        rig.stop("a");
        ClusterFile file = ClusterFile.in(rig.directoryOf("a"));
        ClusterMark after = file.load().orElseThrow();
        assertThat(after).isEqualTo(after.inSession(1));
        file.store(new ClusterMark(after.clusterUuid(), 6, after.founding(), 0, 1, false));
        ClusterMembership again = rig.start(rig.config("a"));
        assertThat(again.session()).as("1 was its own").isEqualTo(new Session(2));
        assertThat(file.load()).contains(after.inSession(2));
        assertThat(again.state().rows().values()).allMatch(row -> row.inSync().contains(again.self()));
        rig.stop("a");

        MemberRig.delete(DirectoryLayout.controlPlane(rig.directoryOf("a")));
        assertThatThrownBy(() -> rig.start(rig.config("a")))
                .hasMessageContainingAll("the log of the control plane", "[HF-0402]");
    }
}
