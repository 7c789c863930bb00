package dev.holdfast.cli.demo;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastException;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.node.remote.ClusterInquiry;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Health;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The members of the demo's cluster, each in a process of its own on this machine. One thread. */
final class DemoCluster implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration CLOSE = Duration.ofSeconds(40);
    private static final long LOOK_MILLIS = 100;

    private final DemoDirectory directory;
    private final Duration patience;
    private final long places;
    private final String list;
    private final List<Node> nodes = new ArrayList<>();

    /** Why the last look was not answered; empty if it was. */
    private String unanswered = "";

    /** A member's process. */
    static final class Node {
        private final String name;
        private final ChildProcess process;
        private @Nullable String identity;
        private boolean held;
        private boolean killed;

        private Node(String name, ChildProcess process) {
            this.name = name;
            this.process = process;
        }

        String name() {
            return name;
        }

        long pid() {
            return process.pid();
        }

        /** What its results are marked with. */
        String identity() {
            return String.valueOf(identity);
        }

        boolean isHeld() {
            return held;
        }

        boolean wasKilled() {
            return killed;
        }
    }

    /**
     * Starts nothing yet.
     *
     * @param count founders
     * @param places of each one's gate
     */
    DemoCluster(DemoDirectory directory, Duration patience, int count, long places) {
        this.directory = directory;
        this.patience = patience;
        this.places = places;
        this.list = String.join(
                ",",
                DemoPorts.free(count).stream().map(port -> "127.0.0.1:" + port).toList());
    }

    List<String> addresses() {
        return List.of(list.split(","));
    }

    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** Founds the cluster, and waits until every partition has its copies: from then on one member may die. */
    void start() throws IOException, InterruptedException {
        List<String> addresses = addresses();
        for (String address : addresses) {
            launch(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        }
        untilReady(nodes);
        until(
                "every partition has its copies",
                report -> report.partitions().stream().allMatch(copies -> report.health(copies) == Health.HEALTHY));
    }

    /** One more member, with its gate open. */
    Node add() throws IOException, InterruptedException {
        Node node = launch(0);
        untilReady(List.of(node));
        node.process.say(DemoMember.OPEN);
        return node;
    }

    private Node launch(int port) throws IOException {
        String name = "node-" + (nodes.size() + 1);
        DemoMember.Role role = new DemoMember.Role(directory.path(), name, port, list, places);
        Node node =
                new Node(name, ChildProcess.start(DemoMember.class, role.arguments(), directory.own(name + ".log")));
        nodes.add(node);
        return node;
    }

    /** All of them at the same time: one waits for others, and the one that fails is the one to tell of. */
    private void untilReady(List<Node> started) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        look();
        for (Node node : started) {
            while (node.identity == null) {
                if (System.nanoTime() - end >= 0) {
                    throw failed(node, "was not ready within " + patience.toSeconds() + " s");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                look();
            }
        }
    }

    private void take(Node node, ChildEvent event) {
        switch (event.kind()) {
            case READY -> node.identity = event.text();
            case HELD -> node.held = true;
            case TROUBLE -> throw failed(node, "gave up: " + event.text());
            default -> {
                // a sign of life, or the end
            }
        }
    }

    /** Takes in what the members have said. Whoever died without being killed by the demo is a failure. */
    void look() throws InterruptedException {
        for (Node node : nodes) {
            boolean ended = !node.killed && node.process.awaitExit(Duration.ZERO);
            hear(node);
            if (ended) {
                throw failed(node, "ended too early, exit=" + node.process.awaitExit());
            }
        }
    }

    private void hear(Node node) {
        for (Optional<ChildEvent> event = node.process.poll(); event.isPresent(); event = node.process.poll()) {
            take(node, event.get());
        }
    }

    /** SIGKILL. Whether it was that which ended it. */
    boolean kill(Node node) throws InterruptedException {
        node.killed = true;
        return node.process.kill() == ChildProcess.EXIT_OF_SIGKILL;
    }

    void openGates() throws IOException {
        for (Node node : nodes) {
            if (!node.killed) {
                node.process.say(DemoMember.OPEN);
            }
        }
    }

    /** A client, to be closed by the caller. */
    HoldfastInstance client() {
        ClientConfig config =
                new ClientConfig().setClusterName(DemoMember.CLUSTER).setMembers(addresses());
        config.getSerializationConfig().addAllowedClasses(DemoMember.class.getPackageName() + ".*");
        return Holdfast.newClient(config);
    }

    /** Waits until the cluster looks so to one of its members. */
    void until(String what, Predicate<ClusterReport> expected) throws InterruptedException {
        if (!comesToBe(expected, patience)) {
            throw new CommandFailure(
                    ExitCodes.FAILED,
                    "The demo's cluster did not come to be so in time: " + what + ", seconds=" + patience.toSeconds()
                            + ", logs=" + directory.own("node-*.log")
                            + (unanswered.isEmpty() ? "" : ", last look: " + unanswered));
        }
    }

    /** Whether the cluster looks so to one of its members before {@code atMost} is over. A look that none answers is not the last. */
    boolean comesToBe(Predicate<ClusterReport> expected, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        do {
            look();
            if (ask().filter(expected).isPresent()) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } while (System.nanoTime() - end < 0);
        return false;
    }

    private Optional<ClusterReport> ask() {
        try {
            ClusterReport report = ClusterInquiry.ask(
                    new ClientConfig().setMembers(addresses()).validate(), ANSWER);
            unanswered = "";
            return Optional.of(report);
        } catch (HoldfastException nobody) {
            unanswered = String.valueOf(nobody.getMessage());
            return Optional.empty();
        }
    }

    /** Has all close in order, and fails if one does not; what runs then is killed by {@link #close}. */
    void stop() throws InterruptedException {
        look();
        List<Node> left = nodes.stream().filter(node -> !node.killed).toList();
        left.forEach(DemoCluster::tellToClose);
        long end = System.nanoTime() + CLOSE.toNanos();
        for (Node node : left) {
            if (!node.process.awaitExit(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                throw failed(node, "did not close within " + CLOSE.toSeconds() + " s");
            }
            hear(node); // why, if it gave up
            int exit = node.process.awaitExit();
            if (exit != 0) {
                throw failed(node, "failed while it closed, exit=" + exit);
            }
        }
    }

    private static void tellToClose(Node node) {
        try {
            node.process.say(DemoMember.CLOSE);
        } catch (IOException gone) {
            // its exit code tells
        }
    }

    private CommandFailure failed(Node node, String what) {
        return new CommandFailure(
                ExitCodes.FAILED,
                "A member of the demo's cluster " + what + ": node=" + node.name + ", pid=" + node.pid() + ", log="
                        + node.process.log() + "; see the log, its last lines say why");
    }

    /** Leaves no process behind. */
    @Override
    public void close() {
        nodes.forEach(node -> node.process.close());
    }
}
