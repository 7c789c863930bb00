package dev.holdfast.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionEvents;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.LocalControlPlane;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.ReplicaPlacement;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.ReplicaLimits;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.replication.protocol.ReplicaTiming;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.runtime.Courier;
import dev.holdfast.replication.runtime.EpochStore;
import dev.holdfast.replication.runtime.ReplicaShell;
import dev.holdfast.replication.runtime.ShellThreads;
import dev.holdfast.replication.runtime.WireCopy;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Copies of one partition on several nodes of this JVM, over one control plane and a network that can be cut. */
final class HostCluster implements AutoCloseable {

    static final PartitionId PARTITION = new PartitionId(0);
    static final String EXECUTOR = "e";
    private static final RelearnLimits QUICK = new RelearnLimits(3, Duration.ofMinutes(10), Duration.ofMillis(1));
    private static final ReplicaTiming TIMING = ReplicaTiming.of(Duration.ofMillis(30), Duration.ofMillis(300));

    final LocalControlPlane control = new LocalControlPlane();
    final List<Node> nodes = new ArrayList<>();
    private final Set<NodeId> cutOff = ConcurrentHashMap.newKeySet();
    private final Map<NodeId, Node> byId = new ConcurrentHashMap<>();
    private long commands;

    HostCluster(String... names) {
        this(name -> HostDisk.memory(SyncPolicy.OS), names);
    }

    HostCluster(Function<String, HostDisk> disks, String... names) {
        List<NodeId> ids = new ArrayList<>();
        for (String name : names) {
            ids.add(newNode(name, disks.apply(name)).id);
        }
        propose(new ClusterCommand.Found(new Founding("test", new TreeSet<>(ids), 1, Optional.empty()), 1));
        for (Node node : nodes) {
            propose(new ClusterCommand.Join(node.id, details(node.id), Role.VOTER, new Session(1), 1));
        }
        propose(new ClusterCommand.PlaceReplicas(List.of(new ReplicaPlacement(PARTITION, row().version(), ids))));
        nodes.forEach(node -> node.start(new Session(1)));
        await().until(() -> row().inSync().size() == names.length);
    }

    private Node newNode(String name, HostDisk disk) {
        Node node = new Node(new NodeId("disk-" + name), disk);
        nodes.add(node);
        byId.put(node.id, node);
        return node;
    }

    /** A node that was not there before gets a copy. */
    Node join(String name, HostDisk disk) {
        Node node = newNode(name, disk);
        propose(new ClusterCommand.Join(node.id, details(node.id), Role.VOTER, new Session(1), 1));
        List<NodeId> replicas = new ArrayList<>(row().replicas());
        replicas.add(node.id);
        propose(new ClusterCommand.PlaceReplicas(List.of(new ReplicaPlacement(PARTITION, row().version(), replicas))));
        node.start(new Session(1));
        return node;
    }

    /** A node that is gone for good holds nothing any more, and is no member. */
    void remove(Node node) {
        List<NodeId> replicas = new ArrayList<>(row().replicas());
        replicas.remove(node.id);
        propose(new ClusterCommand.PlaceReplicas(List.of(new ReplicaPlacement(PARTITION, row().version(), replicas))));
        nodes.remove(node);
    }

    /** What an operator does where nobody can lead. */
    void recover(Node survivor) {
        propose(new ClusterCommand.Recover(PARTITION, row().version(), survivor.id, survivor.session, "operator", 3));
    }

    /** The control plane as a node sees it: what it says while it is cut off gets lost, and it hears nothing. */
    private final class ControlAt implements ControlPlane {

        private final NodeId at;
        private volatile ClusterState seen = control.state();
        private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();

        ControlAt(NodeId at) {
            this.at = at;
            var unused = control.onApplied(state -> show());
        }

        private synchronized void show() {
            if (!cutOff.contains(at)) {
                seen = control.state();
                listeners.forEach(each -> each.accept(seen));
            }
        }

        @Override
        public CompletionStage<Outcome> propose(Proposal proposal) {
            return cutOff.contains(at) ? new CompletableFuture<>() : control.propose(proposal);
        }

        @Override
        public ClusterState state() {
            return seen;
        }

        @Override
        public Subscription onApplied(Consumer<ClusterState> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        @Override
        public void close() {}
    }

    static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5));
    }

    private static MemberDetails details(NodeId node) {
        return new MemberDetails(node.diskId(), List.of(new NodeAddress(node.diskId(), 1)), "");
    }

    PartitionRow row() {
        return Objects.requireNonNull(control.state().row(PARTITION));
    }

    void propose(ClusterCommand command) {
        Outcome outcome = control.propose(new Proposal(new CommandId("test-" + ++commands), command))
                .toCompletableFuture()
                .join();
        assertThat(outcome.applied()).as("%s: %s", command, outcome).isTrue();
    }

    /** Nothing that it says is heard, and it hears nothing. */
    void cutOff(Node node) {
        cutOff.add(node.id);
    }

    void heal() {
        cutOff.clear();
        nodes.forEach(node -> node.controlHere.show());
    }

    Node awaitPrimary() {
        await().until(() -> primary() != null);
        return Objects.requireNonNull(primary());
    }

    @Nullable
    Node primary() {
        return nodes.stream()
                .filter(node -> !cutOff.contains(node.id) && node.partition() != null)
                .filter(node -> node.leading().mayServe())
                .findFirst()
                .orElse(null);
    }

    List<Node> others(Node node) {
        return nodes.stream().filter(each -> each != node).toList();
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
        nodes.forEach(Node::end);
        control.close();
    }

    /** A disk, and at most one process on it. */
    final class Node implements Terms, PartitionEvents {

        final NodeId id;
        final HostDisk disk;
        final List<Long> toRun = new CopyOnWriteArrayList<>();
        final List<Throwable> failures = new CopyOnWriteArrayList<>();
        volatile boolean running;

        /** An executor of which every record is a defect here. */
        volatile String fails = "";

        private final ExecutorService storage = Executors.newFixedThreadPool(2);
        private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
        private volatile ControlAt controlHere;
        private @Nullable ShellThreads threads;
        private volatile @Nullable ReplicaSeat seat;
        private volatile Session session = Session.NONE;

        Node(NodeId id, HostDisk disk) {
            this.id = id;
            this.disk = disk;
            this.controlHere = new ControlAt(id);
        }

        void start(Session next) {
            session = next;
            controlHere = new ControlAt(id);
            toRun.clear();
            ShellThreads shellThreads = new ShellThreads(id.diskId(), 2, 1L << 40);
            threads = shellThreads;
            PartitionHost parts = parts();
            disk.begin();
            EpochStore epochs = disk.epochs();
            boolean forced = disk instanceof HostDisk.InMemory memory && memory.isForced();
            ReplicaSettings settings = new ReplicaSettings(id, next, forced, true, TIMING, ReplicaLimits.DEFAULT);
            Courier courier = this::send;
            ClusterSide side = new ClusterSide(
                    settings, controlHere, courier, shellThreads, each -> epochs, each -> false, Duration.ZERO, this);
            ReplicaSeat taken = new ReplicaSeat(PARTITION, parts, side, disk, new Unrouted(), QUICK);
            taken.open();
            seat = taken;
            taken.start();
            var unused = controlHere.onApplied(state -> taken.review());
        }

        PartitionHost parts() {
            ExecutorLimits limits =
                    new ExecutorLimits(1_000_000, 10, 1_000_000, 1L << 30, TaskSpec.NO_TTL, false, 1000, 1000, 60_000);
            return new PartitionHost(
                    name -> {
                        if (name.equals(fails)) {
                            throw new IllegalStateException("a test has it fail");
                        }
                        return limits;
                    },
                    InstantSource.system(),
                    storage,
                    storage,
                    timer,
                    this,
                    new WaiterLimit(100),
                    Execution.NONE,
                    10_000,
                    256);
        }

        /** Messages find the shell by themselves. */
        private static final class Unrouted implements ReplicaSeat.Surroundings {
            @Override
            public void added(ReplicaShell shell) {}

            @Override
            public void removed(ReplicaShell shell) {}

            @Override
            public void changed(PartitionId partition) {}
        }

        private void send(PartitionId partition, NodeId to, Message message) {
            ReplicaHost target = Objects.requireNonNull(byId.get(to)).hostOrNull();
            if (target != null && !cutOff.contains(id) && !cutOff.contains(to)) {
                var unused = target.shell().receive(id, session, WireCopy.of(partition, message), work -> false);
            }
        }

        /** Ends the process; its disk stays. */
        void kill() {
            stop();
            disk.kill();
            byId.values().forEach(each -> {
                ReplicaHost other = each.hostOrNull();
                if (other != null) {
                    other.shell().peerGone(id, session);
                }
            });
        }

        private void stop() {
            ReplicaSeat open = seat;
            seat = null;
            if (open != null) {
                open.close();
                Objects.requireNonNull(threads).close();
            }
        }

        private void end() {
            timer.shutdownNow();
            storage.shutdown();
            disk.kill();
        }

        /** The next process on the disk. */
        void restart() {
            Session next = session.next();
            propose(new ClusterCommand.ClaimSession(id, details(id), session, 2));
            start(next);
        }

        /** The next process on a disk that was put back to what it had been. */
        void restartStale() {
            Session next = session.next();
            propose(new ClusterCommand.ClaimStale(id, details(id), session, 2));
            start(next);
        }

        ReplicaSeat seat() {
            return Objects.requireNonNull(seat);
        }

        @Nullable
        ReplicaHost hostOrNull() {
            ReplicaSeat open = seat;
            return open == null ? null : open.host();
        }

        ReplicaHost host() {
            return Objects.requireNonNull(hostOrNull());
        }

        @Nullable
        Partition partition() {
            ReplicaHost open = hostOrNull();
            return open == null ? null : open.serving();
        }

        Partition leading() {
            return Objects.requireNonNull(partition());
        }

        CompletableFuture<Reply> post(Command command) {
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            assertThat(leading().post(command, reply::complete)).isTrue();
            return reply;
        }

        Reply ask(Command command) throws Exception {
            return post(command).get(20, TimeUnit.SECONDS);
        }

        long submitted() throws Exception {
            return ((Reply.Stored) ask(submit(100))).sequence();
        }

        // ---- Terms

        @Override
        public void began(Partition partition, List<TaskEntry> tasks) {
            tasks.forEach(task -> toRun.add(task.sequence()));
        }

        @Override
        public void ended(Partition partition) {}

        @Override
        public boolean isRunning(PartitionId partition) {
            return running;
        }

        /** The node stops, as every node does then. */
        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
            storage.execute(this::stop);
        }

        // ---- PartitionEvents

        @Override
        public void onRunnable(Partition partition, TaskEntry entry) {
            toRun.add(entry.sequence());
        }

        @Override
        public void onCancelled(Partition partition, TaskEntry entry) {}

        @Override
        public void onRemoved(Partition partition, TaskEntry entry, Reply.Staleness why) {}

        @Override
        public void onHeld(Partition partition, TaskEntry entry) {}

        @Override
        public void onExecutorChanged(Partition partition, String executor) {}

        @Override
        public void onLogFailed(Partition partition, Throwable cause) {
            failures.add(cause);
        }
    }

    static Command.Submit submit(int bytes) {
        return submit(bytes, null);
    }

    static Command.Submit submit(int bytes, @Nullable String key) {
        TaskSpec spec = new TaskSpec("java", "T", null, null, null, key, 3, TaskSpec.NO_TTL, true);
        return new Command.Submit(EXECUTOR, spec, new Body.Inline(new byte[bytes]));
    }

    static Command.Complete complete(long sequence) {
        return new Command.Complete(sequence, 1, 0, "java", new Body.Inline(new byte[] {1}));
    }
}
