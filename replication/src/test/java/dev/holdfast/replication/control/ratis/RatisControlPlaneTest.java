package dev.holdfast.replication.control.ratis;

import static dev.holdfast.replication.control.ratis.RatisCluster.PATIENCE;
import static dev.holdfast.replication.control.ratis.RatisCluster.join;
import static dev.holdfast.replication.control.ratis.RatisCluster.node;
import static dev.holdfast.replication.control.ratis.RatisCluster.propose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Revision;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RatisControlPlaneTest {

    @TempDir
    Path directory;

    private RatisCluster cluster = new RatisCluster(Path.of("unused"));

    @BeforeEach
    void found() throws Exception {
        cluster = new RatisCluster(directory);
        cluster.start(3);
        assertThat(propose(cluster.any(), cluster.found()).applied()).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(propose(cluster.any(), join(i, Role.VOTER)).applied()).isTrue();
        }
        cluster.awaitEverywhere(state -> session(state, 2) == 1);
    }

    @AfterEach
    void close() throws Exception {
        cluster.close();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("disk-") || name.contains("control-") || name.contains("loopback"));
    }

    private static ClusterCommand claim(int number, int expected) {
        return new ClusterCommand.ClaimSession(
                node(number), RatisCluster.details(number), new Session(expected), 2_000);
    }

    @Test
    @Tag("faults") // a quarter of a minute
    @Tag("suite-cluster")
    void theGroupDecidesAfterItsLeaderWasKilled() {
        NodeId leader = cluster.leader();
        List<Revision> seen = new CopyOnWriteArrayList<>();
        cluster.kill(leader);
        cluster.any().onApplied(state -> seen.add(state.revision()));
        Outcome outcome = propose(cluster.any(), claim(0, 1));
        assertThat(outcome.applied()).as(outcome.message()).isTrue();
        assertThat(cluster.leader()).isNotEqualTo(leader);
        cluster.awaitEverywhere(state -> !isPresent(state, leader));
        assertThat(seen).isSorted().doesNotHaveDuplicates();
    }

    private static boolean isPresent(ClusterState state, NodeId node) {
        Member member = state.member(node);
        return member != null && member.presence().present();
    }

    @Test
    void aMemberThatWasAwayCatchesUpFromASnapshot() throws Exception {
        NodeId away = followers().get(0);
        cluster.stop(away);
        for (int i = 1; i <= 90; i++) {
            assertThat(propose(cluster.any(), claim(0, i)).applied()).isTrue();
        }
        // Older ones are deleted meanwhile.
        await().atMost(PATIENCE).ignoreExceptions().until(() -> !snapshots().isEmpty());
        cluster.restart(away);
        cluster.awaitEverywhere(state -> session(state, 0) == 91);
        cluster.awaitEverywhere(state -> isPresent(state, away));
    }

    private List<NodeId> followers() {
        NodeId leader = cluster.leader();
        return cluster.running.keySet().stream()
                .filter(node -> !node.equals(leader))
                .toList();
    }

    private List<Path> snapshots() throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("snapshot\\.[0-9_]+"))
                    .toList();
        }
    }

    private static long session(ClusterState state, int number) {
        Member member = state.member(node(number));
        return member == null ? -1 : member.session().value();
    }

    @Test
    void everythingIsThereAfterARestartOfAll() throws Exception {
        for (int i = 1; i <= 50; i++) {
            propose(cluster.any(), claim(1, i));
        }
        ClusterState before = cluster.member(cluster.leader()).state();
        for (NodeId node : List.copyOf(cluster.running.keySet())) {
            cluster.stop(node);
        }
        for (int i = 0; i < 3; i++) {
            cluster.restart(node(i));
        }
        assertThat(propose(cluster.any(), claim(1, 51)).applied()).isTrue();
        cluster.awaitEverywhere(state -> session(state, 1) == 52);
        assertThat(cluster.any().state().founding()).isEqualTo(before.founding());
        assertThat(cluster.any().state().rows()).isEqualTo(before.rows());
    }

    @Test
    void whoJoinsTheTableIsTakenIntoTheGroupAndWhoLeavesIsDropped() throws Exception {
        RatisControlPlane listener = cluster.startJoiner(node(3));
        assertThat(propose(listener, join(3, Role.LISTENER)).applied()).isTrue();
        awaitGroup(RaftPeerRole.LISTENER, node(3));
        assertThat(propose(listener, claim(0, 1)).applied()).isTrue();
        cluster.awaitEverywhere(state -> session(state, 0) == 2);

        propose(listener, new ClusterCommand.ChangeRole(node(3), Role.LISTENER, Role.VOTER));
        awaitGroup(RaftPeerRole.FOLLOWER, node(0), node(1), node(2), node(3));
        awaitGroup(RaftPeerRole.LISTENER);

        propose(listener, new ClusterCommand.Leave(node(2), new Session(1)));
        propose(listener, new ClusterCommand.Remove(node(2)));
        awaitGroup(RaftPeerRole.FOLLOWER, node(0), node(1), node(3));
        cluster.stop(node(2));
        assertThat(propose(listener, claim(0, 2)).applied()).isTrue();
    }

    private void awaitGroup(RaftPeerRole role, NodeId... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var division = Objects.requireNonNull(
                    cluster.member(cluster.leader()).server().division());
            assertThat(division.getRaftConf().getPreviousPeers()).isEmpty();
            assertThat(division.getRaftConf().getCurrentPeers(role).stream().map(peer -> RaftPeers.node(peer.getId())))
                    .containsExactlyInAnyOrder(expected);
        });
    }

    @Test
    void aServerThatStoppedByItselfIsStartedAgain() throws Exception {
        NodeId leader = cluster.leader();
        RatisControlPlane member = cluster.member(leader);
        Objects.requireNonNull(member.server().division()).getRaftServer().close();
        await().atMost(PATIENCE).until(() -> !member.server().hasStopped());
        assertThat(propose(member, claim(0, 1)).applied()).isTrue();
        await().atMost(PATIENCE).until(() -> session(member.state(), 0) == 2);
    }

    @Test
    void anIsolatedMemberDecidesNothingAndSaysSo() {
        NodeId leader = cluster.leader();
        RatisControlPlane isolated = cluster.member(leader);
        cluster.network.silence(leader);
        NodeId other = followers(leader);
        assertThat(propose(cluster.member(other), claim(0, 1)).applied()).isTrue();
        assertThat(session(isolated.state(), 0)).isEqualTo(1);
        cluster.network.heal(leader);
        await().atMost(PATIENCE).until(() -> session(isolated.state(), 0) == 2);
        assertThat(propose(isolated, claim(0, 1)).verdict()).isEqualTo(Outcome.Verdict.CONFLICT);
    }

    /** It never asks for votes, which is how others notice. */
    @Test
    void aMemberWithoutAVoteThatIsCutOffKnowsNoLeader() throws Exception {
        RatisControlPlane listener = cluster.startJoiner(node(3));
        assertThat(propose(listener, join(3, Role.LISTENER)).applied()).isTrue();
        awaitGroup(RaftPeerRole.LISTENER, node(3));
        await().atMost(PATIENCE).until(() -> listener.leader().isPresent());
        cluster.network.silence(node(3));
        await().atMost(PATIENCE).until(() -> listener.leader().isEmpty());
        assertThat(cluster.member(cluster.leader()).leader()).isPresent();
        cluster.network.heal(node(3));
        await().atMost(PATIENCE).until(() -> listener.leader().isPresent());
    }

    /** Its proposals arrive and are decided; but what came of them, and of those of others, is not told by the leader. */
    @Test
    void aMemberThatDoesNotHearTheLeaderLearnsFromOthersWhatWasDecided() {
        NodeId leader = cluster.leader();
        List<NodeId> others = followers();
        RatisControlPlane deaf = cluster.member(others.get(0));
        List<Revision> seen = new CopyOnWriteArrayList<>();
        deaf.onApplied(state -> seen.add(state.revision()));
        cluster.network.cut(leader, others.get(0));
        for (int i = 1; i <= 3; i++) {
            assertThat(propose(cluster.member(others.get(1)), claim(0, i)).applied())
                    .isTrue();
        }
        await().atMost(PATIENCE).until(() -> session(deaf.state(), 0) == 4);
        assertThat(cluster.leader()).isEqualTo(leader);
        cluster.network.heal(leader);
        assertThat(propose(deaf, claim(0, 4)).applied()).isTrue();
        await().atMost(PATIENCE).until(() -> session(deaf.state(), 0) == 5);
        assertThat(seen).isSorted().doesNotHaveDuplicates();
    }

    /** Neither what it asks of the leader arrives, nor what it answers. */
    @Test
    void aMemberThatTheLeaderDoesNotHearLearnsFromOthersWhatWasDecided() {
        NodeId leader = cluster.leader();
        List<NodeId> others = followers();
        RatisControlPlane mute = cluster.member(others.get(0));
        cluster.network.cut(others.get(0), leader);
        assertThat(propose(cluster.member(others.get(1)), claim(0, 1)).applied())
                .isTrue();
        await().atMost(PATIENCE).until(() -> session(mute.state(), 0) == 2);
    }

    /** As when a primary has to hand a partition over: nothing of it goes on before that is decided. */
    @Test
    void whoCannotReachTheLeaderProposesThroughAnother() {
        NodeId leader = cluster.leader();
        NodeId other = followers().get(0);
        cluster.network.cut(leader, other);
        cluster.network.cut(other, leader);
        assertThat(propose(cluster.member(other), claim(0, 1)).applied()).isTrue();
        assertThat(cluster.leader()).isEqualTo(leader);
    }

    @Test
    void aProposalThatWasDecidedAndNotAnsweredIsDecidedOnce() {
        NodeId leader = cluster.leader();
        NodeId deaf = followers().get(0);
        cluster.network.cut(leader, deaf);
        assertThat(propose(cluster.member(deaf), claim(0, 1)).applied()).isTrue();
        assertThat(propose(cluster.member(leader), claim(0, 2)).applied()).isTrue();
    }

    private NodeId followers(NodeId leader) {
        return cluster.running.keySet().stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
    }
}
