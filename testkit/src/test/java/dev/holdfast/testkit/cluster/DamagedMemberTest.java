package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

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
