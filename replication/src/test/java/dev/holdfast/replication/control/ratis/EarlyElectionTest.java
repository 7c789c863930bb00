package dev.holdfast.replication.control.ratis;

import static dev.holdfast.replication.control.ratis.RatisCluster.propose;
import static org.awaitility.Awaitility.await;

import dev.holdfast.replication.protocol.NodeId;
import java.nio.file.Path;
import java.time.Duration;
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
            ELECTION,
            ELECTION,
            QuickTiming.TIMING.request(),
            QuickTiming.TIMING.proposal(),
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
                    .atMost(ELECTION.dividedBy(2))
                    .until(() -> cluster.running.entrySet().stream()
                            .filter(each -> !each.getKey().equals(leader))
                            .allMatch(each -> each.getValue()
                                    .leader()
                                    .filter(now -> !now.equals(leader))
                                    .isPresent()));
        }
    }
}
