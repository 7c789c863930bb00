package dev.holdfast.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.node.admin.AdminProtocol.Frame;
import dev.holdfast.node.admin.AdminProtocol.Kind;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.TaskId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminSocketTest {

    private static final CountDownLatch GATE = new CountDownLatch(1);
    private static final CountDownLatch RUNS = new CountDownLatch(1);

    @TempDir
    Path directory;

    private record Waiting() implements Callable<String>, Serializable {
        @Override
        public String call() throws InterruptedException {
            RUNS.countDown();
            GATE.await();
            return "waited";
        }
    }

    private record Text(int length) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return "x".repeat(length);
        }
    }

    @Test
    void aRunningNodeTellsOfItsTasks() throws Exception {
        try (HoldfastInstance node = start(directory)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            var large = jobs.submit(new Text(3_000_000));
            large.get();
            var running = jobs.submit(new Waiting());
            RUNS.await();
            DurableExecutorService paused = node.getDurableExecutorService("paused");
            paused.pause();
            var pending = paused.submit(new Text(1));

            try (AdminClient client = AdminClient.connect(directory)) {
                assertThat(client.node().orElseThrow().pid())
                        .isEqualTo(ProcessHandle.current().pid());
                assertThat(client.problems()).isEmpty();
                assertThat(client.tasks(TaskQuery.all(), null).map(SeenTask::state))
                        .containsExactlyInAnyOrder(TaskState.COMPLETED, TaskState.RUNNING, TaskState.PENDING);
                assertThat(client.tasks(TaskQuery.all().state(TaskState.RUNNING), null)
                                .map(task -> task.taskId().value()))
                        .containsExactly(running.getTaskId());
                assertThat(client.tasks(TaskQuery.all().type("AdminSocketTest$Text"), "paused"))
                        .singleElement()
                        .satisfies(task -> {
                            assertThat(task.taskId().value()).isEqualTo(pending.getTaskId());
                            assertThat(task.executorPaused()).isTrue();
                            assertThat(client.payload(task)).hasSize(task.payloadBytes());
                        });
                assertThat(client.tasks(TaskQuery.all().limit(2), null)).hasSize(2);
                SeenTask ended = client.find(new TaskId(large.getTaskId())).orElseThrow();
                assertThat(client.result(ended)).hasSize(ended.resultBytes()).hasSizeGreaterThan(2_999_999);
                jobs.disposeResult(large.getTaskId());
                assertThat(client.find(ended.taskId())).isEmpty();
                assertThat(client.staleness(ended.taskId())).isEqualTo(Staleness.DISPOSED);
                assertThatThrownBy(() -> client.result(ended)).hasMessageContaining("changed meanwhile");
            } finally {
                GATE.countDown();
            }
        }
    }

    @Test
    void theSocketIsItsOwnersAloneAndGoneAfterTheClose() throws Exception {
        Path file = directory.resolve("admin.sock");
        try (HoldfastInstance node = start(directory)) {
            assertThat(node.getName()).isNotEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> AdminClient.connect(directory)).isInstanceOf(IOException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("holdfast-admin"));
    }

    @Test
    void theSocketThatADeadNodeLeftIsReplaced() throws Exception {
        start(directory).close();
        Path file = directory.resolve("admin.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(file))
                .close();
        assertThat(file).exists();
        try (HoldfastInstance node = start(directory)) {
            assertThat(AdminClient.connect(directory).node().orElseThrow().name())
                    .isEqualTo(node.getName());
        }
    }

    @Test
    void aSilentClientIsDroppedAndTheNextIsServed() throws Exception {
        try (HoldfastInstance node = start(directory);
                SocketChannel silent = connect()) {
            assertThat(AdminClient.connect(directory).node().orElseThrow().name())
                    .isEqualTo(node.getName());
            readToTheEnd(silent);
        }
    }

    @Test
    void inADirectoryThatIsOpenToOthersTheSocketIsItsOwnersAlone() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path left = Files.createDirectory(directory.resolve(".adm"));
        Files.createFile(left.resolve("s")); // as a process leaves it that is killed between bind and rename
        try (HoldfastInstance node = start(directory)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("admin.sock"))))
                    .isEqualTo("rw-------");
            assertThat(left).doesNotExist();
            assertThat(AdminClient.connect(directory).node().orElseThrow().name())
                    .isEqualTo(node.getName());
        }
    }

    @Test
    void oneConnectionTooManyIsToldSoAndTheOthersAreServed() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try (HoldfastInstance node = start(directory)) {
            for (int i = 0; i < AdminSocket.MAX_CONNECTIONS; i++) {
                silent.add(connect());
            }
            assertThatThrownBy(() -> AdminClient.connect(directory))
                    .isInstanceOf(AdminFailure.class)
                    .hasMessageContaining("connections=16")
                    .satisfies(refused ->
                            assertThat(((AdminFailure) refused).reason()).isEqualTo(AdminFailure.Reason.REFUSED));
            silent.get(0).close();
            await().ignoreException(AdminFailure.class)
                    .until(() -> AdminClient.connect(directory)
                            .node()
                            .orElseThrow()
                            .name()
                            .equals(node.getName()));
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void whoDoesNotReadItsAnswerHoldsUpNobody() throws Exception {
        try (HoldfastInstance node = start(directory);
                SocketChannel slow = connect()) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            var large = jobs.submit(new Text(8_000_000)); // more than a socket's buffer
            large.get();
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            AdminProtocol.write(request, Kind.RESULT, body -> body.writeLong(large.getTaskId()));
            slow.write(ByteBuffer.wrap(request.toByteArray()));
            try (AdminClient client = AdminClient.connect(directory)) {
                assertThat(client.find(new TaskId(large.getTaskId()))).isPresent();
                assertThat(client.executors()).extracting(SeenExecutor::name).contains("jobs");
            }
            assertThat(jobs.submit(new Text(1)).get()).isEqualTo("x");
        }
    }

    @Test
    void anotherReleaseIsToldSoInItsOwnVersion() throws Exception {
        try (HoldfastInstance node = start(directory);
                SocketChannel older = connect()) {
            assertThat(node.getName()).isNotEmpty();
            older.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 1, (byte) Kind.NODE.ordinal()}));
            byte[] answer = Channels.newInputStream(older).readAllBytes();
            assertThat(answer[4]).as("version").isEqualTo((byte) 1);
            assertThat(answer[5]).as("kind").isEqualTo((byte) 10);
            assertThat(new String(answer, StandardCharsets.UTF_8))
                    .contains("different releases", "use the console of the node's release");
            assertThatThrownBy(() -> AdminProtocol.read(new ByteArrayInputStream(answer), AdminProtocol.MAX_ANSWER))
                    .isInstanceOf(AdminProtocol.OtherVersionException.class)
                    .hasMessageContaining("the version spoken here is " + AdminProtocol.VERSION
                            + ", the other side's is 1 (The console");
        }
    }

    @Test
    void aRequestThatIsTooLargeOrMeansNothingIsRefused() throws Exception {
        try (HoldfastInstance node = start(directory)) {
            int tooLarge = AdminProtocol.MAX_REQUEST + 1;
            for (byte[] request : List.of(
                    ByteBuffer.allocate(4).putInt(tooLarge).array(),
                    ByteBuffer.allocate(4).putInt(-1).array(),
                    new byte[] {0, 0, 0, 2, AdminProtocol.VERSION, 99},
                    new byte[] {0, 0, 0, 3, AdminProtocol.VERSION, (byte) Kind.TASK.ordinal(), 0})) {
                try (SocketChannel client = connect()) {
                    client.write(ByteBuffer.wrap(request));
                    Frame answer = AdminProtocol.read(Channels.newInputStream(client), AdminProtocol.MAX_ANSWER);
                    assertThat(answer.kind()).isEqualTo(Kind.ERROR);
                }
            }
            assertThat(AdminClient.connect(directory).node().orElseThrow().name())
                    .isEqualTo(node.getName());
        }
    }

    @Test
    void aCloseDoesNotWaitForAClient() throws Exception {
        HoldfastInstance node = start(directory);
        try (SocketChannel silent = connect()) {
            node.close();
            readToTheEnd(silent);
        }
    }

    @Test
    void aPathThatIsTooLongForASocketIsNoReasonNotToStart() throws Exception {
        Path deep = Files.createDirectory(directory.resolve("d".repeat(120)));
        try (HoldfastInstance node = start(deep)) {
            assertThat(node.getDurableExecutorService("jobs")
                            .submit(new Text(2))
                            .get())
                    .isEqualTo("xx");
            assertThat(deep.resolve("admin.sock")).doesNotExist();
        }
    }

    private static HoldfastInstance start(Path directory) {
        Config config = new Config().setPartitionCount(2);
        config.getStorageConfig().setDirectory(directory);
        return Holdfast.newInstance(config);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("admin.sock")));
    }

    /** The other side ends the connection, in order or not. */
    private static void readToTheEnd(SocketChannel channel) {
        try (InputStream in = Channels.newInputStream(channel)) {
            in.readAllBytes();
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
