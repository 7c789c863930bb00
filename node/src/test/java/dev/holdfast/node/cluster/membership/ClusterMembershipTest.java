package dev.holdfast.node.cluster.membership;

import static dev.holdfast.node.cluster.membership.MemberRig.await;
import static dev.holdfast.node.cluster.membership.MemberRig.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Cluster;
import dev.holdfast.config.Config;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    @Test
    void threeBlankNodesFoundOneClusterOthersJoinItThroughAnyOfThemAndReplaceOneThatIsLost() {
        rig = new MemberRig(directory, 3);
        rig.startAll(
                config -> {
                    config.getDurableExecutorConfig("jobs").setDurability(1);
                    config.getReplicationConfig().setReplaceAfter(Duration.ofSeconds(1));
                },
                "a",
                "b",
                "c");
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

        Config joiner = rig.config("joiner").setPartitionCount(11);
        joiner.getNetworkConfig().setMembers(rig.list().subList(2, 3));
        Config witness = rig.config("witness");
        witness.getControlPlaneConfig().setWitness(true);
        CompletableFuture<ClusterMembership> starting = rig.begin(witness);
        ClusterMembership d = rig.start(joiner);
        NodeId e = starting.orTimeout(20, TimeUnit.SECONDS).join().self();
        assertThat(d.clusterUuid()).isEqualTo(a.clusterUuid());
        assertThat(d.partitionCount())
                .as("the cluster's, whatever is configured")
                .isEqualTo(6);
        awaitState(
                a,
                state -> state.members().size() == 5
                        && state.rows().values().stream()
                                .anyMatch(row -> row.replicas().contains(d.self())));
        assertThat(Objects.requireNonNull(a.state().member(d.self())).role()).isEqualTo(Role.LISTENER);
        assertThat(Objects.requireNonNull(a.state().member(e)).role()).isEqualTo(Role.WITNESS);
        assertThat(a.state().rows().values()).noneMatch(row -> row.replicas().contains(e));
        assertThat(a.addressOf(d.self())).contains(d.address());
        await().until(() -> d.memberCount() == 5);

        NodeId lost = rig.member("c").self();
        rig.stop("c");
        awaitState(
                a,
                state -> isPlaced(state, 2)
                        && state.rows().values().stream()
                                .noneMatch(row -> row.replicas().contains(lost)));
        assertThat(a.memberCount()).isEqualTo(4);
    }

    @Test
    void copiesOfAPartitionAreInDifferentZones() {
        rig = new MemberRig(directory, 4);
        rig.startAll(
                config -> {
                    config.getDurableExecutorConfig("jobs").setDurability(1);
                    boolean east = Set.of("a", "b").contains(config.getNodeName());
                    config.getReplicationConfig().setZone(east ? "east" : "west");
                },
                "a",
                "b",
                "c",
                "d");
        ClusterMembership a = rig.member("a");
        awaitState(
                a,
                state -> state.members().size() == 4
                        && state.rows().values().stream()
                                .allMatch(row -> row.replicas().stream()
                                        .map(node -> Objects.requireNonNull(state.member(node))
                                                .details()
                                                .zone())
                                        .collect(Collectors.toSet())
                                        .equals(Set.of("east", "west"))));
        assertThat(isPlaced(a.state(), 2)).isTrue();
    }

    @Test
    void sessionsGrowWithEachStartTheTableStaysAndADirectoryThatWasPutBackClaimsAsAStaleOne() throws Exception {
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
        Path backup = directory.resolve("backup");
        rig.stop("a");
        MemberRig.copy(rig.directoryOf("a"), backup);
        await().until(() -> gone.contains(new Session(1)));
        await().until(() -> b.memberCount() == 2);
        assertThat(rig.start(rig.config("a")).session()).isEqualTo(new Session(2));
        awaitState(b, state -> state.isCurrent(a, new Session(2)));
        await().until(() -> b.memberCount() == 3);
        PartitionRow held = b.state().rows().values().stream()
                .filter(row -> row.inSync().contains(a))
                .findFirst()
                .orElseThrow();
        rig.stop("a");

        MemberRig.delete(rig.directoryOf("a"));
        MemberRig.copy(backup, rig.directoryOf("a"));
        ClusterMembership stale = rig.start(rig.config("a"));
        assertThat(stale.session())
                .as("above what it has held, which its disk does not know")
                .isEqualTo(new Session(3));
        PartitionRow lost = Objects.requireNonNull(stale.state().row(held.partition()));
        assertThat(lost.version()).as("it left in-sync").isGreaterThan(held.version());

        UUID uuid = b.clusterUuid();
        awaitState(b, state -> isPlaced(state, 1));
        rig.stopAll();
        rig.startAll("a", "b", "c");
        assertThat(rig.member("a").session()).isEqualTo(new Session(4));
        assertThat(rig.member("b").session()).isEqualTo(new Session(2));
        assertThat(rig.member("c").clusterUuid()).isEqualTo(uuid);
        awaitState(
                rig.member("c"),
                state -> state.members().size() == 3
                        && state.members().values().stream()
                                .allMatch(member -> member.presence().present()));
        assertThat(rig.member("c").state().rows().keySet())
                .isEqualTo(b.state().rows().keySet());
    }
}
