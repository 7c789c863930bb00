package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.ReplicaPlacement;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskSpec;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Nodes with shells over one network and one control plane, and what tests do with them. One thread. */
final class ShellCluster implements AutoCloseable {

    static final UUID CLUSTER = new UUID(7, 8);
    /** As small as it may be: larger appends go in parts. */
    static final int MAX_FRAME_BYTES = TransportSettings.MAX_FRAME_BEFORE_ADMISSION;

    private static final PeerAddress ANY_PORT = new PeerAddress("127.0.0.1", 0);

    private final Controls controls;
    final List<ShellNode> nodes = new ArrayList<>();
    private final Map<NodeId, PeerAddress> addresses = new ConcurrentHashMap<>();
    private final Map<NodeId, Transport> transports = new ConcurrentHashMap<>();
    private final Map<NodeId, TransportCourier> couriers = new ConcurrentHashMap<>();
    private final Set<NodeId> muted = ConcurrentHashMap.newKeySet();
    private final BiFunction<TransportSettings, Surroundings, Transport> transportStart;
    private final Map<NodeId, ControlOverTransport> controlTransports = new ConcurrentHashMap<>();
    private volatile BiConsumer<ShellNode, Message> sent = (node, message) -> {};
    private long commands;
    private long sequence;

    /** A cluster whose partition has a replica on each of {@code names}. */
    ShellCluster(
            BiFunction<TransportSettings, Surroundings, Transport> transportStart, Controls controls, String... names) {
        this(transportStart, controls, name -> ShellDisk.memory(), names);
    }

    /** The same on these disks. */
    ShellCluster(
            BiFunction<TransportSettings, Surroundings, Transport> transportStart,
            Controls controls,
            Function<String, ShellDisk> disks,
            String... names) {
        this.transportStart = transportStart;
        this.controls = controls;
        for (String name : names) {
            nodes.add(new ShellNode(name, disks.apply(name), this::courier));
        }
        List<NodeId> ids = nodes.stream().map(node -> node.id).toList();
        nodes.forEach(node -> open(node, new Session(1)));
        controls.found(addresses);
        Map<NodeId, ControlPlane> planes = new TreeMap<>();
        nodes.forEach(node -> planes.put(node.id, controls.start(node.id, control(node))));
        propose(new ClusterCommand.Found(new Founding(CLUSTER.toString(), new TreeSet<>(ids), 1, Optional.empty()), 1));
        for (NodeId id : ids) {
            propose(new ClusterCommand.Join(id, details(id), Role.VOTER, new Session(1), 1));
        }
        propose(new ClusterCommand.PlaceReplicas(
                List.of(new ReplicaPlacement(ShellNode.PARTITION, row().version(), ids))));
        await().until(() -> planes.values().stream()
                .allMatch(each ->
                        each.state().revision().equals(controls.any().state().revision())));
        nodes.forEach(node -> start(node, new Session(1), Objects.requireNonNull(planes.get(node.id))));
    }

    static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5));
    }

    PartitionRow row() {
        return Objects.requireNonNull(controls.any().state().row(ShellNode.PARTITION));
    }

    private Courier courier(ShellNode node) {
        TransportCourier courier = Objects.requireNonNull(couriers.get(node.id));
        return new Courier() {
            @Override
            public int maxRunBytes() {
                return courier.maxRunBytes();
            }

            @Override
            public void send(PartitionId partition, NodeId to, Message message) {
                if (!muted.contains(node.id)) {
                    sent.accept(node, message);
                    courier.send(partition, to, message);
                }
            }
        };
    }

    /** Has {@code watcher}, which must not block, told of what nodes send from now on. */
    void watch(BiConsumer<ShellNode, Message> watcher) {
        sent = watcher;
    }

    /** What the node's process says is heard again. */
    void unmute(ShellNode node) {
        muted.remove(node.id);
    }

    /** From now on nothing that the node's process says is heard, nor what it proposes; the next one is heard again. */
    void mute(ShellNode node) {
        muted.add(node.id);
    }

    /** Kills a node's process: its connections end, its address refuses. */
    void kill(ShellNode node) {
        Objects.requireNonNull(transports.remove(node.id)).close();
        Objects.requireNonNull(couriers.get(node.id)).remove(node.shell());
        node.kill();
        controls.stop(node.id);
    }

    /** The next process on the node's disk, at the same address. */
    void restart(ShellNode node) {
        Member member = Objects.requireNonNull(controls.any().state().member(node.id));
        Session next = member.session().next();
        open(node, next);
        ControlPlane control = controls.start(node.id, control(node));
        propose(new ClusterCommand.ClaimSession(node.id, details(node.id), member.session(), 2));
        await().until(() -> control.state().isCurrent(node.id, next));
        start(node, next, control);
    }

    private ControlOverTransport control(ShellNode node) {
        ControlOverTransport control = Objects.requireNonNull(controlTransports.get(node.id));
        addresses.forEach(
                (other, address) -> control.learn(other, List.of(new NodeAddress(address.host(), address.port()))));
        return control;
    }

    private void open(ShellNode node, Session session) {
        Inbound inbound = new Inbound();
        Identity identity = new Identity(
                Optional.of(CLUSTER),
                dev.holdfast.replication.transport.Role.PEER,
                node.id,
                session.value(),
                node.id.diskId());
        muted.remove(node.id);
        Transport transport = transportStart.apply(
                TransportSettings.defaults()
                        .withLimits(TransportSettings.Limits.DEFAULT.withMaxFrameBytes(MAX_FRAME_BYTES))
                        .listeningOn(addresses.getOrDefault(node.id, ANY_PORT)),
                Surroundings.of(() -> identity, inbound, new Gone(node.id)));
        transports.put(node.id, transport);
        addresses.put(node.id, transport.address().orElseThrow());
        couriers.put(
                node.id,
                new TransportCourier(
                        transport, inbound, MAX_FRAME_BYTES, other -> Optional.ofNullable(addresses.get(other))));
        controlTransports.put(node.id, new ControlOverTransport(transport, inbound));
    }

    private void start(ShellNode node, Session session, ControlPlane control) {
        ReplicaShell shell = node.start(session, new Mutable(node.id, control));
        Objects.requireNonNull(couriers.get(node.id)).add(shell);
        shell.start();
    }

    /** The control plane as a node has it that may be muted: what it proposes then is answered never. */
    private final class Mutable implements ControlPlane {
        private final NodeId at;
        private final ControlPlane control;

        private Mutable(NodeId at, ControlPlane control) {
            this.at = at;
            this.control = control;
        }

        @Override
        public CompletionStage<Outcome> propose(Proposal proposal) {
            return muted.contains(at) ? new CompletableFuture<>() : control.propose(proposal);
        }

        @Override
        public ClusterState state() {
            return control.state();
        }

        @Override
        public Subscription onApplied(Consumer<ClusterState> listener) {
            return control.onApplied(listener);
        }

        @Override
        public void close() {
            control.close();
        }
    }

    /** Hands on that a process is gone. */
    private final class Gone implements ConnectionListener {
        private final NodeId at;

        private Gone(NodeId at) {
            this.at = at;
        }

        @Override
        public void gone(Peer peer, Identity last) {
            Objects.requireNonNull(couriers.get(at)).peerGone(last.node(), new Session(last.session()));
        }
    }

    void setMinInSync(int expected, int next) {
        propose(new ClusterCommand.SetMinInSync(expected, next));
    }

    ShellNode awaitPrimary() {
        await().until(() -> primary() != null);
        return Objects.requireNonNull(primary());
    }

    @Nullable
    ShellNode primary() {
        return nodes.stream()
                .filter(node -> node.isRunning() && node.serving() != null)
                .findFirst()
                .orElse(null);
    }

    List<ShellNode> others(ShellNode node) {
        return nodes.stream().filter(each -> !each.id.equals(node.id)).toList();
    }

    /** Appends {@code count} records at whoever serves, and waits until they are committed. Their names. */
    List<String> submit(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long task = ++sequence;
            names.add("task-" + task);
            List<LogRecord.Replicated> records = List.of(task(task));
            await().ignoreException(RunRefusedException.class).until(() -> append(records));
        }
        ShellNode primary = awaitPrimary();
        Lsn end = primary.log().end().lsn();
        await().until(() -> primary.shell().committed().compareTo(end) >= 0);
        return names;
    }

    /** Large enough that some hundred fill a segment. */
    static LogRecord.Replicated task(long sequence) {
        byte[] payload = new byte[3_000];
        new SplittableRandom(sequence).nextBytes(payload);
        TaskSpec spec = new TaskSpec("java", "Task", null, null, null, null, 3, TaskSpec.NO_TTL, true);
        return new LogRecord.Submitted(sequence, "e", sequence, spec, new Body.Inline(payload));
    }

    private boolean append(List<LogRecord.Replicated> records) {
        ShellNode primary = primary();
        ReplicatedGroup group = primary == null ? null : primary.serving();
        return group != null && !group.append(records).isEmpty();
    }

    /** Waits until all running replicas are in sync, byte for byte the same, and their rings have exactly {@code names}. */
    void awaitEqual(List<String> names) {
        await().untilAsserted(() -> {
            List<ShellNode> running =
                    nodes.stream().filter(ShellNode::isRunning).toList();
            for (ShellNode node : running) {
                assertThat(node.failure()).isNull();
                assertThat(node.violation()).isNull();
                node.applyCommitted();
                assertThat(row().inSync()).contains(node.id);
                assertThat(node.log().end()).isEqualTo(running.get(0).log().end());
                assertThat(node.ringNow()).as("%s", node.id).isEqualTo(names);
            }
        });
    }

    /** Once the log has rolled, records before it can not be read any more. */
    static void rollByCheckpoint(ShellNode node) {
        node.applyCommitted();
        LogEnd end = node.log().end();
        assertThat(node.shell().committed()).isEqualTo(end.lsn());
        Stream<SnapshotItem> items = node.ringNow().stream().map(name -> new SnapshotItem.Key("e", name, 1, 1));
        node.log().checkpoint(end, items);
        node.shell().checkpointWritten();
        assertThat(node.log().checkpointEnd().map(LogEnd::lsn)).contains(end.lsn());
        assertThat(end.lsn()).isGreaterThan(Lsn.NONE);
    }

    static byte[] bytesAfter(ReplicatedLog log, LogEnd from) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LogEnd at = from;
        for (Optional<ReplicatedRun> run = log.readAfter(at, 1 << 16);
                run.isPresent();
                run = log.readAfter(at, 1 << 16)) {
            bytes.writeBytes(run.get().documents());
            at = run.get().after();
        }
        return bytes.toByteArray();
    }

    private void propose(ClusterCommand command) {
        Proposal proposal = new Proposal(new CommandId("test-" + ++commands), command);
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        await().ignoreExceptions().until(() -> {
            outcome.set(controls.any().propose(proposal).toCompletableFuture().get(5, TimeUnit.SECONDS));
            return true;
        });
        assertThat(Objects.requireNonNull(outcome.get()).applied())
                .as("%s: %s", command, outcome)
                .isTrue();
        long revision = outcome.get().revision().value();
        await().until(() -> controls.any().state().revision().value() >= revision);
    }

    private MemberDetails details(NodeId node) {
        PeerAddress address = Objects.requireNonNull(addresses.get(node));
        return new MemberDetails(node.diskId(), List.of(new NodeAddress(address.host(), address.port())), "");
    }

    @Override
    public void close() {
        nodes.stream().filter(ShellNode::isRunning).forEach(this::kill);
        controls.close();
    }
}
