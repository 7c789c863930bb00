package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    /** The others wait for it. */
    @Test
    void theMemberThatCanNotStartIsTheOneThatIsTold() throws Exception {
        try (DemoDirectory directory = withPlan();
                DemoCluster cluster = new DemoCluster(directory, LONG, 3, 0);
                ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), port(cluster.addresses().get(1))));
            assertThatThrownBy(cluster::start)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContainingAll("gave up", "node=node-2", "node-2.log");
        }
    }

    @Test
    void aMemberThatDoesNotCloseInOrderIsAFailure() throws Exception {
        try (DemoDirectory directory = withPlan();
                DemoCluster cluster = new DemoCluster(directory, LONG, 1, 0)) {
            cluster.start();
            long pid = cluster.nodes().get(0).pid();
            // It hears nothing any more: whatever it is told, this is its end.
            Process stop = new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start();
            assertThat(stop.waitFor()).isZero();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stop(cluster));
            assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
            assertThatThrownBy(() -> stopped.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CommandFailure.class)
                    .hasMessageContainingAll("node=node-1", "exit=137");
        }
    }

    private static void stop(DemoCluster cluster) {
        try {
            cluster.stop();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private DemoDirectory withPlan() throws IOException {
        DemoDirectory directory = DemoDirectory.fresh(here.resolve("demo"));
        directory.write(new DemoPlan(here.toString(), 1, 1, false, List.of()));
        return directory;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private HoldfastInstance member(String address) {
        Config config = new Config().setClusterName(DemoMember.CLUSTER).setPartitionCount(1);
        config.getStorageConfig().setDirectory(here.resolve("member"));
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(port(address))
                .setMembers(List.of(address));
        return Holdfast.newInstance(config);
    }
}
