package dev.holdfast.node.cluster.membership;

import static dev.holdfast.node.cluster.membership.MemberRig.await;
import static dev.holdfast.node.cluster.membership.MemberRig.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Cluster;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that found, join, leave and come back. */
@Timeout(60)
class ClusterMembershipTest {

    @TempDir
    Path directory;

    private MemberRig rig = new MemberRig(Path.of(""), 0);

    @AfterEach
    void close() {
        rig.close();
    }

    private static boolean isPlaced(ClusterState state, int copies) {
        return state.rows().values().stream().allMatch(row -> row.replicas().size() == copies);
    }

    /** How often each member stands first in a row. */
    private static Map<NodeId, Integer> firsts(ClusterState state) {
        Map<NodeId, Integer> firsts = new HashMap<>();
        state.rows().values().forEach(row -> firsts.merge(row.replicas().get(0), 1, Integer::sum));
        return firsts;
    }

    private static Session sessionInTable(ClusterMembership member) {
        return Objects.requireNonNull(member.state().member(member.self())).session();
    }

    @Test
    void threeBlankNodesFoundOneClusterAndAFourthJoinsItThroughAnyOfThem() {
        rig = new MemberRig(directory, 3);
        rig.startAll(config -> config.getDurableExecutorConfig("jobs").setDurability(1), "a", "b", "c");
        ClusterMembership a = rig.member("a");
        awaitState(a, state -> state.members().size() == 3 && isPlaced(state, 2));
        assertThat(a.state().members().values()).allMatch(member -> member.role() == Role.VOTER);
        assertThat(a.clusterUuid())
                .isEqualTo(rig.member("b").clusterUuid())
                .isEqualTo(rig.member("c").clusterUuid());
        assertThat(firsts(a.state()).values()).containsExactlyInAnyOrder(2, 2, 2);
        assertThat(a.session()).isEqualTo(new Session(1));
        assertThat(a.members()).extracting(Cluster.Member::name).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(a.members())
                .filteredOn(Cluster.Member::local)
                .singleElement()
                .satisfies(local -> {
                    assertThat(local.name()).isEqualTo("a");
                    assertThat(local.address()).isEqualTo(rig.list().get(0));
                });

        var joiner = rig.config("joiner").setPartitionCount(11);
        joiner.getNetworkConfig().setMembers(rig.list().subList(2, 3));
        ClusterMembership d = rig.start(joiner);
        assertThat(d.clusterUuid()).isEqualTo(a.clusterUuid());
        assertThat(d.partitionCount())
                .as("the cluster's, whatever is configured")
                .isEqualTo(6);
        assertThat(d.memberCount()).isEqualTo(4);
        awaitState(a, state -> state.members().size() == 4);
        assertThat(Objects.requireNonNull(a.state().member(d.self())).role()).isEqualTo(Role.LISTENER);
        assertThat(a.addressOf(d.self())).contains(d.address());
    }

    @Test
    void sessionsGrowWithEachStartAndTheTableStays() {
        rig = new MemberRig(directory, 3);
        rig.startAll("a", "b", "c");
        ClusterMembership b = rig.member("b");
        NodeId a = rig.member("a").self();
        Queue<Session> gone = new ConcurrentLinkedQueue<>();
        b.onPeerGone((node, session) -> {
            if (node.equals(a)) {
                gone.add(session);
            }
        });
        awaitState(b, state -> state.members().size() == 3 && isPlaced(state, 1));
        rig.stop("a");
        await().until(() -> gone.contains(new Session(1)));
        await().until(() -> b.memberCount() == 2);
        ClusterMembership again = rig.start(rig.config("a"));
        assertThat(again.session()).isEqualTo(new Session(2));
        awaitState(b, state -> state.isCurrent(a, new Session(2)));
        await().until(() -> b.memberCount() == 3);
        var uuid = b.clusterUuid();
        ClusterState before = b.state();

        rig.stopAll();
        rig.startAll("a", "b", "c");
        assertThat(rig.member("a").session()).isEqualTo(new Session(3));
        assertThat(rig.member("b").session()).isEqualTo(new Session(2));
        assertThat(rig.member("c").clusterUuid()).isEqualTo(uuid);
        awaitState(
                rig.member("c"),
                state -> state.members().size() == 3
                        && state.members().values().stream()
                                .allMatch(member -> member.presence().present()));
        assertThat(rig.member("c").state().rows()).isEqualTo(before.rows());
        assertThat(sessionInTable(rig.member("a"))).isEqualTo(new Session(3));
    }

    @Test
    void aDirectoryThatWasPutBackClaimsAsAStaleOne() throws Exception {
        rig = new MemberRig(directory, 3);
        rig.startAll("a", "b", "c");
        ClusterMembership b = rig.member("b");
        NodeId a = rig.member("a").self();
        awaitState(b, state -> isPlaced(state, 1));
        rig.stop("a");
        Path backup = directory.resolve("backup");
        MemberRig.copy(rig.directoryOf("a"), backup);
        for (int i = 0; i < 2; i++) {
            rig.start(rig.config("a"));
            rig.stop("a");
        }
        awaitState(b, state -> state.isCurrent(a, new Session(3)));
        assertThat(b.state().rows().values()).anyMatch(row -> row.inSync().contains(a));
        MemberRig.delete(rig.directoryOf("a"));
        MemberRig.copy(backup, rig.directoryOf("a"));

        ClusterMembership stale = rig.start(rig.config("a"));
        assertThat(stale.session()).isEqualTo(new Session(4));
        assertThat(stale.state().rows().values())
                .noneMatch(row -> row.inSync().contains(a) && !row.epoch().equals(Epoch.NONE));
    }

    @Test
    void aNodeAloneInItsListIsAClusterOfOne() throws Exception {
        rig = new MemberRig(directory, 0);
        ClusterMembership alone = rig.start(rig.config("alone"));
        assertThat(alone.memberCount()).isEqualTo(1);
        assertThat(alone.address().port()).isPositive();
        awaitState(alone, state -> isPlaced(state, 1));
        assertThat(alone.register("more")).succeedsWithin(Duration.ofSeconds(10));
        awaitState(alone, state -> state.executors().containsKey("more"));
        assertThat(alone.state().wantedCopies())
                .as("as many as there are members")
                .isEqualTo(1);
        assertThat(alone.leave(Duration.ofMillis(300)))
                .as("nobody could take over")
                .isFalse();
    }

    @Test
    void aWitnessVotesAndHoldsNothing() {
        rig = new MemberRig(directory, 3);
        rig.startAll(
                config -> {
                    config.getDurableExecutorConfig("jobs").setDurability(2);
                    config.getControlPlaneConfig()
                            .setWitness(config.getNodeName().equals("c"));
                },
                "a",
                "b",
                "c");
        ClusterMembership a = rig.member("a");
        NodeId witness = rig.member("c").self();
        awaitState(a, state -> state.members().size() == 3 && isPlaced(state, 2));
        Member member = Objects.requireNonNull(a.state().member(witness));
        assertThat(member.role()).isEqualTo(Role.WITNESS);
        assertThat(a.state().rows().values()).noneMatch(row -> row.replicas().contains(witness));
    }
}
