package dev.holdfast.replication.control.ratis;

import static dev.holdfast.replication.control.ratis.RatisCluster.propose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.ControlPlaneException;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EarlyElectionTest {

    /** So patient that a new leader within a part of it was not waited for. */
    private static final Duration ELECTION = Duration.ofSeconds(10);

    private static final RatisTiming PATIENT = new RatisTiming(
            ELECTION,
            ELECTION.multipliedBy(3).dividedBy(2),
            QuickTiming.TIMING.firstElectionMin(),
            QuickTiming.TIMING.firstElectionMax(),
            ELECTION.multipliedBy(3),
            QuickTiming.TIMING.request(),
            Duration.ofSeconds(2),
            ELECTION,
            QuickTiming.TIMING.tick(),
            QuickTiming.TIMING.snapshotAfter());

    @TempDir
    Path directory;

    @Test
    void aLeaderThatIsKnownToBeGoneIsReplacedAtOnce() throws Exception {
        try (RatisCluster cluster = new RatisCluster(directory, PATIENT)) {
            cluster.start(3);
            propose(cluster.any(), cluster.found());
            cluster.awaitEverywhere(state -> state.founding().isPresent());
            NodeId leader = cluster.leader();
            cluster.network.kill(leader);
            cluster.running.forEach((node, member) -> {
                if (!node.equals(leader)) {
                    member.processGone(leader);
                }
            });
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(ELECTION.minusSeconds(1)) // nobody would begin an election by himself before that is over
                    .until(() -> cluster.running.entrySet().stream()
                            .filter(each -> !each.getKey().equals(leader))
                            .allMatch(each -> each.getValue()
                                    .leader()
                                    .filter(now -> !now.equals(leader))
                                    .isPresent()));
        }
    }

    /** A leader without followers neither decides nor refuses, until it gives up. */
    @Test
    void aProposalEndsInTimeAlthoughTheOwnServerDoesNotAnswer() throws Exception {
        try (RatisCluster cluster = new RatisCluster(directory, PATIENT)) {
            cluster.start(2);
            propose(cluster.any(), cluster.found());
            NodeId leader = cluster.leader();
            cluster.network.silence(leader);
            Proposal proposal = new Proposal(new CommandId("in-vain"), RatisCluster.join(0, Role.VOTER));
            CompletableFuture<Outcome> answer =
                    cluster.member(leader).propose(proposal).toCompletableFuture();
            await().atMost(ELECTION).until(answer::isDone);
            assertThatThrownBy(answer::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            ControlPlaneException.class,
                            failure -> assertThat(failure.mayHaveTakenEffect()).isTrue());
        }
    }
}
