package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastCluster;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Five members that all vote: two of them may be lost at the same time. */
@Tag("faults")
@Tag("suite-cluster")
class FiveVotersTest {

    @Test
    void submitsGoOnWithTwoOfFiveVotersKilled() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(5)
                .durability(2)
                .config(config -> config.getControlPlaneConfig().setVoters(5))
                .start()) {
            Map<String, Long> stored = submit(on(cluster, 0), run + "-five", 20, "");
            Map<String, String> before = results(on(cluster, 4), stored);

            cluster.kill(0); // of three voters these two would be the majority
            cluster.kill(1);
            Map<String, Long> more = submit(on(cluster, 2), run + "-three", 20, "");
            assertThat(results(on(cluster, 3), more)).hasSize(20);
            assertThat(results(on(cluster, 4), stored)).isEqualTo(before);
            eachRanOnce(stored);

            cluster.restart(0, 1);
            cluster.awaitHealthy();
            assertThat(results(on(cluster, 0), more)).isEqualTo(results(on(cluster, 1), more));
        }
    }
}
