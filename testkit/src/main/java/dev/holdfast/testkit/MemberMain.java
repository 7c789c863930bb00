package dev.holdfast.testkit;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ClusterNode;
import dev.holdfast.node.assembly.ClusterTiming;
import dev.holdfast.node.assembly.NodeSurroundings;
import dev.holdfast.replication.transport.PeerAddress;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The process of a member of a test's cluster. It does what it is told over a connection, and ends with that. */
final class MemberMain {

    static final String QUICK = "quick";

    private final Config config;
    private final ClusterTiming timing;
    private final TestClock clock = new TestClock();
    private final Map<PeerAddress, PeerAddress> routes = new ConcurrentHashMap<>();
    private @Nullable ClusterNode node;

    private MemberMain(Config config, ClusterTiming timing) {
        this.config = config;
        this.timing = timing;
    }

    /**
     * The process's own.
     *
     * @param arguments port to connect to, file of the configuration, timing
     */
    public static void main(String[] arguments) throws IOException {
        Config config = Config.load(Path.of(arguments[1]));
        ClusterTiming timing = arguments[2].equals(QUICK) ? ClusterTiming.QUICK : ClusterTiming.PRODUCTION;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
            socket.setTcpNoDelay(true);
            new MemberMain(config, timing)
                    .serve(
                            new DataInputStream(socket.getInputStream()),
                            new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())));
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        try {
            boolean stopped = false;
            while (!stopped) {
                MemberCall call = MemberCall.valueOf(in.readUTF());
                List<String> answer = answer(call, MemberCall.readTexts(in));
                MemberCall.writeTexts(out, answer);
                stopped = call == MemberCall.STOP;
            }
        } catch (EOFException e) {
            // The test is gone, and so is its cluster.
        } finally {
            ClusterNode running = node;
            if (running != null) {
                running.kill();
            }
        }
    }

    /** The first text is empty, or says what went wrong. */
    private List<String> answer(MemberCall call, List<String> texts) {
        try {
            return switch (call) {
                case ROUTES -> routes(texts);
                case ADVANCE -> advance(Duration.ofMillis(Long.parseLong(texts.get(0))));
                case BEGIN -> begin();
                case PROBLEMS -> problems(texts);
                case LEAVE ->
                    List.of(
                            "",
                            String.valueOf(MemberHere.leave(node(), Duration.ofMillis(Long.parseLong(texts.get(0))))));
                case STOP -> stop();
            };
        } catch (RuntimeException e) {
            return List.of(String.valueOf(e));
        }
    }

    private List<String> routes(List<String> pairs) {
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            routes.put(PeerAddress.parse(pairs.get(i)), PeerAddress.parse(pairs.get(i + 1)));
        }
        return List.of("");
    }

    private List<String> advance(Duration by) {
        clock.advance(by);
        ClusterNode running = node;
        if (running != null) {
            running.clockMoved();
        }
        return List.of("");
    }

    private List<String> begin() {
        node = ClusterNode.start(
                config.validate(),
                new NodeSurroundings(timing, clock, address -> routes.getOrDefault(address, address)));
        return List.of("");
    }

    private List<String> problems(List<String> expected) {
        List<String> found = Health.problems(node(), new TreeSet<>(expected));
        found.add(0, "");
        return found;
    }

    private List<String> stop() {
        node().close();
        return List.of("");
    }

    private ClusterNode node() {
        ClusterNode running = node;
        if (running == null) {
            throw new IllegalStateException("Was not told to begin: node=" + config.getNodeName());
        }
        return running;
    }
}
