package dev.holdfast.testkit;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ClusterNode;
import dev.holdfast.node.assembly.ClusterTiming;
import dev.holdfast.node.assembly.NodeSurroundings;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.testkit.ClusterMember.Lead;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process of a member of a test's cluster. It does what it is told over a connection, and ends with that. */
final class MemberMain {

    private static final Logger LOG = LoggerFactory.getLogger(MemberMain.class);

    static final String QUICK = "quick";

    private final Config config;
    private final ClusterTiming timing;
    private final TestClock clock = new TestClock();
    private final Map<PeerAddress, PeerAddress> routes = new ConcurrentHashMap<>();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private @Nullable ClusterNode node;

    /** What it is to do. */
    private record Told(MemberCall call, List<String> texts) {}

    private MemberMain(Config config, ClusterTiming timing) {
        this.config = config;
        this.timing = timing;
    }

    /**
     * The process's own.
     *
     * @param arguments port to connect to, file of the configuration, timing
     */
    public static void main(String[] arguments) {
        try {
            live(arguments);
        } catch (Throwable e) {
            // As for any thread, that is to standard error; but a task's threads must not keep this process.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            Runtime.getRuntime().halt(1);
        }
        // No halt: what is hooked to the end, as by an agent that counts covered lines, is done. The test does not wait
        // for it without limit.
        System.exit(0);
    }

    private static void live(String[] arguments) throws IOException, InterruptedException {
        Config config = Config.load(Path.of(arguments[1]));
        ClusterTiming timing = arguments[2].equals(QUICK) ? ClusterTiming.QUICK : ClusterTiming.PRODUCTION;
        // Open until the process is gone: its end is that of the process, whoever closes it.
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        socket.setTcpNoDelay(true);
        MemberMain member = new MemberMain(config, timing);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        Thread listener = new Thread(() -> member.listen(in), "holdfast-member-line");
        listener.setDaemon(true);
        listener.start();
        member.serve(new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())));
    }

    /** Apart from what does it, which may wait without limit: the test may be gone, and so is its cluster then. */
    private void listen(DataInputStream in) {
        try {
            while (true) {
                MemberCall call = MemberCall.valueOf(in.readUTF());
                told.add(new Told(call, MemberCall.readTexts(in)));
            }
        } catch (IOException | RuntimeException e) {
            LOG.info("The line to the test has ended, and this process ends: node={}", config.getNodeName(), e);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    private void serve(DataOutputStream out) throws IOException, InterruptedException {
        boolean stopped = false;
        while (!stopped) {
            Told next = told.take();
            MemberCall.writeTexts(out, answer(next.call(), next.texts()));
            stopped = next.call() == MemberCall.STOP;
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
                case LEAD -> lead(Integer.parseInt(texts.get(0)));
                case LEAVE ->
                    List.of(
                            "",
                            String.valueOf(MemberHere.leave(node(), Duration.ofMillis(Long.parseLong(texts.get(0))))));
                case STOP -> stop();
            };
        } catch (RuntimeException | Error e) {
            LOG.info("Could not do what the test wants: node={}, call={}", config.getNodeName(), call, e);
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

    private List<String> lead(int partition) {
        Lead lead = MemberHere.leadOf(node(), partition);
        return List.of("", lead.name(), String.valueOf(lead.epoch()));
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
