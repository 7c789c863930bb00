package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ClusterTiming;
import dev.holdfast.replication.transport.PeerAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test is told of a member's process that does not do what it should. */
class MemberProcessTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final FaultyNetwork network = new FaultyNetwork();
    private final List<MemberProcess> members = new ArrayList<>();

    @AfterEach
    void end() {
        members.forEach(MemberProcess::kill);
        network.close();
    }

    /** Does not come as far as the line. */
    static final class Stillborn {

        private Stillborn() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime().halt(7);
        }
    }

    /** Connects, and does what it is told up to the begin; then it only listens. */
    static final class Deaf {

        private Deaf() {}

        public static void main(String[] arguments) throws Exception {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                MemberCall call = MemberCall.ROUTES;
                while (call != MemberCall.BEGIN) {
                    call = MemberCall.valueOf(in.readUTF());
                    List<String> unused = MemberCall.readTexts(in);
                    MemberCall.writeTexts(out, List.of(""));
                }
                new CountDownLatch(1).await();
            }
        }
    }

    /** Connects, and says nothing to it. */
    static final class Silent {

        private Silent() {}

        public static void main(String[] arguments) throws Exception {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
                Said.say("connected=%s", socket.isConnected());
                new CountDownLatch(1).await();
            }
        }
    }

    private MemberProcess member(Class<?> program) {
        MemberProcess member = new MemberProcess(config(1), ClusterTiming.QUICK, network, 0, new TestClock(), program);
        members.add(member);
        return member;
    }

    /** Of the first of so many. */
    private Config config(int founders) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < founders; i++) {
            addresses.add("127.0.0.1:" + Ports.free());
        }
        return HoldfastCluster.of(founders)
                .config(0, folder.resolve("node-0"), PeerAddress.parse(addresses.get(0)), addresses);
    }

    @Test
    void oneThatDiesAtOnceIsNotWaitedForAndItsExitCodeAndFilesAreTold() {
        assertThatThrownBy(() -> member(Stillborn.class).begin())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "ended before it connected",
                        "exit=7",
                        folder.resolve("node-0.err").toString(),
                        folder.resolve("node-0.log").toString());
    }

    @Test
    void oneThatDoesNotAnswerIsNotWaitedForWithoutEnd() {
        MemberProcess member = member(Deaf.class);
        member.begin();
        assertThatThrownBy(() -> member.problems(new TreeSet<>(), Duration.ofMillis(200)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("does not answer", "PROBLEMS", "node-0", "pid=", "node-0.err");
    }

    @Test
    void oneThatIsKilledWhileItBeginsDoesNotComeToBe() throws Exception {
        MemberProcess member = member(Silent.class);
        CompletableFuture<Void> begun = CompletableFuture.runAsync(member::begin);
        Path log = folder.resolve("node-0.log");
        await().atMost(LIMIT)
                .until(() -> Files.exists(log) && Files.readString(log).contains("connected"));
        member.kill();
        assertThatThrownBy(() -> begun.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .hasMessageContaining("Was killed while it began");
    }

    @Test
    void oneThatWasKilledBeforeItBeganHasNoProcess() {
        MemberProcess member = member(Silent.class);
        member.kill();
        assertThatThrownBy(member::begin).hasMessageContaining("Was killed while it began");
        assertThat(folder.resolve("node-0.log")).doesNotExist();
    }

    /** It waits for the other two, who will not come, and has nobody to hear of it. */
    @Test
    void oneWhoseTestIsGoneEndsAlsoWhileItBegins() throws Exception {
        Path file = Files.writeString(folder.resolve("node-0.yaml"), config(3).toYaml());
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ChildJvm process = ChildJvm.of(MemberMain.class)
                        .shortLived()
                        .arguments(String.valueOf(port.getLocalPort()), file.toString(), MemberMain.QUICK)
                        .errorsTo(folder.resolve("node-0.err"))
                        .start()) {
            port.setSoTimeout((int) LIMIT.toMillis());
            try (Socket line = port.accept()) {
                MemberCall.BEGIN.write(new DataOutputStream(line.getOutputStream()), List.of());
                await().atMost(LIMIT).until(() -> Files.exists(folder.resolve("node-0")));
                assertThat(process.isAlive()).isTrue();
            }
            assertThat(process.hasEndedWithin(LIMIT)).isTrue();
        }
    }
}
