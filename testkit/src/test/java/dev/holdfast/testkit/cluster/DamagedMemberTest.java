package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Copies;
import dev.holdfast.node.remote.ClusterReport.Health;
import dev.holdfast.testkit.HoldfastCluster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A member whose log was damaged while it was stopped. */
class DamagedMemberTest {

    private static final int PARTITIONS = 2;

    /** The two members with copies; the third is a witness. So after a kill the other one has to have everything. */
    private static final int SOUND = 0;

    private static final int DAMAGED = 1;

    @Test
    void aFlippedBitInEachOfItsLogsIsLearntAgainFromTheOtherMember() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).witness().partitions(PARTITIONS).start()) {
            Map<String, Long> stored = submit(on(cluster, SOUND), run, 40, "");
            Map<String, String> before = results(on(cluster, DAMAGED), stored);

            cluster.stop(DAMAGED);
            List<Path> logs = logs(cluster.directory(DAMAGED));
            assertThat(logs).hasSize(PARTITIONS);
            for (Path log : logs) {
                flipABit(log, run);
            }
            cluster.restart(DAMAGED);
            cluster.awaitHealthy();

            try (Stream<Path> setAside = Files.list(cluster.directory(DAMAGED).resolve("quarantine"))) {
                assertThat(setAside.count()).isEqualTo(PARTITIONS);
            }
            assertThat(results(on(cluster, DAMAGED), stored)).isEqualTo(before);

            cluster.kill(SOUND);
            assertThat(results(on(cluster, DAMAGED), stored)).isEqualTo(before);
            eachRanOnce(stored);
            Map<String, Long> more = submit(on(cluster, DAMAGED), run + "-more", 10, "");
            assertThat(results(on(cluster, DAMAGED), more)).hasSize(10);
        }
    }

    @Test
    void theOnlyCopyIsSaidToBeDamagedAndItsLossIsAcceptedWhileItsMemberRuns() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster =
                HoldfastCluster.of(1).partitions(PARTITIONS).start()) {
            Map<String, Long> stored = submit(on(cluster, 0), run, 40, "");
            assertThat(stored).hasSize(40);
            cluster.stop(0);
            flipABit(logs(cluster.directory(0)).get(0), run);
            cluster.restart(0);
            try (AdminClient member = AdminClient.connect(cluster.directory(0))) {
                await().until(() -> refused(member.report()).size() == 1);
                ClusterReport report = member.report();
                Copies damaged = refused(report).get(0);
                assertThat(damaged.primary()).as("as the table has it").isEqualTo(report.node());
                assertThat(report.health(damaged)).isEqualTo(Health.WITHOUT_LEADER);
                assertThat(damaged.problem()).contains("HF-0401");
                String self = report.nameOf(report.node());
                assertThatThrownBy(() ->
                                member.order(ClusterOrder.recover(damaged.id(), damaged.epoch() + 1, self, "a test")))
                        .isInstanceOf(AdminFailure.class)
                        .hasMessageContainingAll("look again", "epoch-seen=" + (damaged.epoch() + 1), "epoch=");
                assertThat(member.order(ClusterOrder.recover(damaged.id(), damaged.epoch(), self, "a test")))
                        .contains("counts from now on");
                await().until(() -> refused(member.report()).isEmpty());
            }
            cluster.awaitHealthy();
            try (Stream<Path> setAside = Files.list(cluster.directory(0).resolve("quarantine"))) {
                assertThat(setAside.count()).isEqualTo(1);
            }
            assertThat(results(on(cluster, 0), submit(on(cluster, 0), run + "-more", 10, "")))
                    .hasSize(10);
        }
    }

    private static List<Copies> refused(ClusterReport report) {
        return report.partitions().stream()
                .filter(copies -> copies.problem() != null)
                .toList();
    }

    /** The newest segment of each partition. */
    private static List<Path> logs(Path member) throws IOException {
        try (Stream<Path> files = Files.walk(member)) {
            return files.filter(file -> file.toString().endsWith(".cq4")
                            && String.valueOf(file.getParent()).contains("segment-"))
                    .sorted()
                    .toList();
        }
    }

    /** Within the last task that is stored there. */
    private static void flipABit(Path log, String token) throws IOException {
        int at = new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).lastIndexOf(token);
        assertThat(at).as("tasks in %s", log).isPositive();
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 4)}), at);
        }
    }
}
