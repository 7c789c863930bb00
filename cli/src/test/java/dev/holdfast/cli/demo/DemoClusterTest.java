package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the demo waits for its cluster. */
class DemoClusterTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path here;

    /** A member that is busy, or was killed a moment ago, does not answer: that is no failure yet. */
    @Test
    void aLookThatNobodyAnswersIsFollowedByAnother() throws Exception {
        try (DemoDirectory directory = DemoDirectory.fresh(here.resolve("demo"));
                DemoCluster cluster = new DemoCluster(directory, LONG, 1, 0)) {
            assertThat(cluster.comesToBe(report -> true, Duration.ofMillis(1))).isFalse();
            CompletableFuture<HoldfastInstance> member = CompletableFuture.supplyAsync(
                    () -> member(cluster.addresses().get(0)));
            try {
                assertThat(cluster.comesToBe(report -> report.members().size() == 1, LONG))
                        .isTrue();
            } finally {
                member.join().close();
            }
        }
    }

    @Test
    void whatIsWaitedForInVainIsToldWithTheLastAnswer() throws Exception {
        try (DemoDirectory directory = DemoDirectory.fresh(here.resolve("demo"));
                DemoCluster cluster = new DemoCluster(directory, Duration.ofMillis(1), 1, 0)) {
            assertThatThrownBy(() -> cluster.until("it answers", report -> true))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContainingAll(
                            "it answers",
                            "No member answers",
                            cluster.addresses().get(0));
        }
    }

    private HoldfastInstance member(String address) {
        Config config = new Config().setClusterName(DemoMember.CLUSTER).setPartitionCount(1);
        config.getStorageConfig().setDirectory(here.resolve("member"));
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
                .setMembers(List.of(address));
        return Holdfast.newInstance(config);
    }
}
