package dev.holdfast.node.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Cluster;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.node.cluster.membership.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
@Tag("suite-cluster")
class JoiningMemberTest {

    private static final int PARTITIONS = 8;

    @TempDir
    Path directory;

    private final List<HoldfastInstance> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(HoldfastInstance::close);
    }

    /** What is to be moved hands over: else it stands in the way of all other moves, and lost copies are never replaced. */
    @Test
    void aMemberThatJoinsComesToLeadItsShare() throws Exception {
        List<Integer> ports = FreePorts.of(2);
        List<String> members = FreePorts.addresses(ports);
        List<CompletableFuture<HoldfastInstance>> founders = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Config config = config("founder-" + i, members);
            config.getNetworkConfig().setPort(ports.get(i));
            founders.add(CompletableFuture.supplyAsync(() -> Holdfast.newInstance(config)));
        }
        for (CompletableFuture<HoldfastInstance> founder : founders) {
            nodes.add(founder.get());
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ledBy("founder-1")).isEqualTo(PARTITIONS / 2));
        HoldfastInstance joined = Holdfast.newInstance(config("joined", members));
        nodes.add(joined);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(ledBy("joined")).isBetween(2L, 3L);
            assertThat(ledBy("founder-0")).isBetween(2L, 3L);
            assertThat(ledBy("founder-1")).isBetween(2L, 3L);
        });
    }

    private long ledBy(String name) {
        return nodes.get(0).getCluster().partitions().stream()
                .filter(Cluster.Partition::serving)
                .filter(partition -> partition.primary().equals(name))
                .count();
    }

    private Config config(String name, List<String> members) {
        Config config = new Config().setNodeName(name).setPartitionCount(PARTITIONS);
        config.getStorageConfig().setDirectory(directory.resolve(name));
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(0)
                .setMembers(members);
        return config;
    }
}
