package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastCluster;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A member that came later: it is in nobody's list of members, its own included. */
class JoinedMemberTest {

    private static final int PARTITIONS = 8;

    @Test
    void aMemberThatJoinedIsKilledAndComesBackAndSoDoAllAtOnce() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).partitions(PARTITIONS).start()) {
            Map<String, Long> done = submit(on(cluster, 0), run + "-founders", 20, "");
            int joined = cluster.join();
            await().until(() -> leads(cluster, joined));
            cluster.awaitHealthy();
            done.putAll(submit(on(cluster, joined), run + "-joined", 20, ""));
            Map<String, String> before = results(on(cluster, 1), done);

            cluster.kill(joined);
            Map<String, Long> without = submit(on(cluster, 2), run + "-without", 20, "");
            before.putAll(results(on(cluster, 0), without));
            cluster.restart(joined);
            cluster.awaitHealthy();
            done.putAll(without);
            done.putAll(submit(on(cluster, joined), run + "-again", 20, ""));
            Map<String, String> all = results(on(cluster, joined), done);
            assertThat(all).containsAllEntriesOf(before);
            await().until(() -> leads(cluster, joined));
            Map<String, Long> open = submit(on(cluster, 1), run + "-open", 20, run);

            cluster.killAll();
            Runs.gate(run).countDown();
            cluster.restart(0, 1, 2, joined);

            assertThat(results(on(cluster, joined), done)).isEqualTo(all);
            Map<String, String> opened = results(on(cluster, joined), open);
            cluster.awaitHealthy();
            for (int node = 0; node < cluster.size(); node++) {
                assertThat(results(on(cluster, node), done)).isEqualTo(all);
                assertThat(results(on(cluster, node), open)).isEqualTo(opened);
                Map<String, Long> more = submit(on(cluster, node), run + "-more-" + node, PARTITIONS, "");
                assertThat(results(on(cluster, joined), more)).hasSize(PARTITIONS);
                eachRanOnce(more);
            }
            eachRanOnce(done);
        }
    }

    private static boolean leads(HoldfastCluster cluster, int member) {
        return IntStream.range(0, PARTITIONS).anyMatch(each -> cluster.primaryOfPartition(each) == member);
    }
}
