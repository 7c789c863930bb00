package dev.holdfast.replication.control.ratis;

import static dev.holdfast.replication.control.ratis.RatisCluster.PATIENCE;
import static dev.holdfast.replication.control.ratis.RatisCluster.join;
import static dev.holdfast.replication.control.ratis.RatisCluster.node;
import static dev.holdfast.replication.control.ratis.RatisCluster.propose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a member makes of requests and files that no member of its kind would send or write. */
@Timeout(60)
class AnswersTest {

    @TempDir
    Path directory;

    private RatisCluster cluster = new RatisCluster(Path.of("unused"));

    @BeforeEach
    void start() throws Exception {
        cluster = new RatisCluster(directory);
        cluster.start(1);
        propose(cluster.any(), cluster.found());
    }

    @AfterEach
    void close() throws Exception {
        cluster.close();
    }

    private byte[] ask(byte[] request) {
        ControlTransport stranger = cluster.network.of(node(7));
        return stranger.request(node(0), request, Duration.ofSeconds(10))
                .toCompletableFuture()
                .join();
    }

    @Test
    void nonsenseIsRefusedWithAReasonAndDoesNoHarm() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            byte[] request = new byte[random.nextInt(200)];
            random.nextBytes(request);
            if (request.length > 0) {
                boolean asksForTheTable = request.length == 1 + Long.BYTES;
                request[0] = (byte) random.nextInt(asksForTheTable ? Wire.TABLE : 9);
            }
            assertThat(Wire.first(ask(request))).as("request %d", i).isEqualTo(Wire.FAILED);
        }
        assertThat(propose(cluster.any(), join(0, Role.VOTER)).applied()).isTrue();
    }

    @Test
    void nobodySpeaksInAnothersName() {
        RequestVoteRequestProto vote = RequestVoteRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(RaftPeers.id(node(1)).toByteString())
                        .setReplyId(RaftPeers.id(node(0)).toByteString()))
                .setCandidateTerm(99)
                .build();
        byte[] answer = ask(Wire.frame(Wire.REQUEST_VOTE, vote.toByteArray()));
        assertThat(Wire.text(answer)).contains("under another name", "from=disk-h", "named=disk-b");
    }

    @Test
    void aCommandThatCanNotBeReadDoesNotGetIntoTheLog() {
        byte[] proposed =
                new Wire.Proposed(LocalServer.newClientId(), 1, new byte[] {9, 9, 9, 9, 9, 9}).encode(Wire.PROPOSE);
        byte[] answer = ask(proposed);
        assertThat(Wire.first(answer)).isEqualTo(Wire.FAILED);
        assertThat(Wire.text(answer)).contains("Damaged");
        Outcome next = propose(cluster.any(), join(0, Role.VOTER));
        assertThat(next.applied()).as(next.message()).isTrue();
        assertThat(next.revision().value()).isEqualTo(2);
    }

    @Test
    void aDamagedSnapshotIsNotServed() throws Exception {
        for (int i = 0; i < 50; i++) {
            propose(cluster.any(), join(0, Role.VOTER));
        }
        cluster.stop(node(0));
        List<Path> snapshots = snapshots();
        assertThat(snapshots).isNotEmpty();
        for (Path snapshot : snapshots) {
            byte[] bytes = Files.readAllBytes(snapshot);
            bytes[bytes.length / 2] ^= 4;
            Files.write(snapshot, bytes);
        }
        assertThatThrownBy(() -> cluster.restart(node(0))).isInstanceOf(Exception.class);
        assertThat(threads()).isEmpty();
    }

    private static List<String> threads() {
        await().atMost(PATIENCE).until(() -> threadNames().isEmpty());
        return threadNames();
    }

    private static List<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("disk-a"))
                .toList();
    }

    private List<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("snapshot\\.[0-9_]+"))
                    .toList();
        }
    }
}
