package dev.holdfast.node.cluster;

import dev.holdfast.config.Config;
import dev.holdfast.config.StorageConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.cluster.membership.ClusterMembership;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.remote.Owner;
import dev.holdfast.node.remote.Owners;
import dev.holdfast.node.remote.PartitionServer;
import dev.holdfast.node.remote.PartitionTable;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.ReplicaLimits;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.replication.protocol.ReplicaTiming;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.runtime.FileEpochStore;
import dev.holdfast.replication.runtime.ReplicaShell;
import dev.holdfast.replication.runtime.ShellThreads;
import dev.holdfast.replication.runtime.TransportCourier;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * This node's copies of all partitions, and who leads which. A node opens a log of every partition, also of those that it has no
 * copy of yet: an empty one costs a directory.
 *
 * <p>Opened and closed by the thread that starts and stops the node; everything else by any thread.
 */
public final class ClusterReplicas implements Owners, PartitionServer.Led, AutoCloseable {

    private static final int SHELL_WORKERS = 4;
    private static final long LOOK_MILLIS = 5;

    private final Config config;
    private final NodeStorage storage;
    private final ClusterMembership membership;
    private final PartitionHost host;
    private final Terms terms;
    private final ShellThreads threads;
    private final TransportCourier courier;
    private final PrimariesSeen primaries;
    private final ReplicaSettings settings;
    private final AtomicReferenceArray<@Nullable ReplicaSeat> seats;
    private final SeatOrTable owners;
    private final List<Consumer<PartitionId>> listeners = new CopyOnWriteArrayList<>();
    private ClusterMembership.@Nullable Listening listening;

    /** Everything is handed over: what the table prefers does not count any more. */
    private volatile boolean leaving;

    public ClusterReplicas(
            Config config,
            NodeStorage storage,
            ClusterMembership membership,
            PartitionHost host,
            Terms terms,
            ReplicaTiming timing) {
        this.config = config;
        this.storage = storage;
        this.membership = membership;
        this.host = host;
        this.terms = new Announced(terms);
        this.seats = new AtomicReferenceArray<>(membership.partitionCount());
        this.owners = new SeatOrTable(membership.self(), membership::addressOf);
        this.primaries = new PrimariesSeen(membership.self());
        this.threads = new ShellThreads(
                config.getNodeName(),
                SHELL_WORKERS,
                config.getReplicationConfig().getCopyRate());
        this.courier = new TransportCourier(
                membership.transport(),
                membership.inbound(),
                Math.toIntExact(config.getNetworkConfig().getMaxFrame()),
                membership::addressOf);
        this.settings = new ReplicaSettings(
                membership.self(),
                membership.session(),
                config.getStorageConfig().getSync() == SyncPolicy.ALWAYS,
                true,
                timing,
                ReplicaLimits.DEFAULT);
    }

    /** As {@code usual}, but for what the configuration says. */
    public static ReplicaTiming timingOf(Config config, ReplicaTiming usual) {
        return new ReplicaTiming(
                usual.beaconNanos(),
                usual.leaseNanos(),
                usual.graceNanos(),
                usual.shrinkNanos(),
                config.getReplicationConfig().getMoveDrain().toNanos());
    }

    /** Opens all logs, then lets the replicas go. */
    public void open() {
        membership.onPeerGone(this::peerGone);
        listening = membership.onChange(this::tableChanged);
        tableChanged(membership.state());
        ClusterSide side = new ClusterSide(
                settings,
                membership.control(),
                courier,
                threads,
                partition -> new FileEpochStore(storage.epochFile(partition)),
                primaries::isPrimaryBeforeGone,
                forceEvery(),
                terms);
        ReplicaSeat.Logs logs = new Directory();
        for (int number = 0; number < seats.length(); number++) {
            PartitionId id = new PartitionId(number);
            ReplicaSeat seat = new ReplicaSeat(id, host, side, logs, new Around(), RelearnLimits.DEFAULT);
            seat.open();
            seats.set(number, seat);
        }
        eachSeat(ReplicaSeat::start);
        eachSeat(ReplicaSeat::review); // of what the table said before they were here
    }

    private final class Directory implements ReplicaSeat.Logs {
        @Override
        public RecoveredLog open(PartitionId id, ReplayHandler handler) {
            return storage.openPartition(id, handler);
        }

        @Override
        public Path setAside(PartitionId id) {
            return storage.setAside(id);
        }
    }

    private final class Around implements ReplicaSeat.Surroundings {
        @Override
        public void added(ReplicaShell shell) {
            courier.add(shell);
        }

        @Override
        public void removed(ReplicaShell shell) {
            courier.remove(shell);
        }

        @Override
        public void changed(PartitionId id) {
            ownerChanged(id);
        }
    }

    private Duration forceEvery() {
        StorageConfig files = config.getStorageConfig();
        return files.getSync() == SyncPolicy.INTERVAL ? files.getSyncInterval() : Duration.ZERO;
    }

    private void eachSeat(Consumer<ReplicaSeat> work) {
        for (int number = 0; number < seats.length(); number++) {
            ReplicaSeat seat = seats.get(number);
            if (seat != null) {
                work.accept(seat);
            }
        }
    }

    private void each(Consumer<ReplicaHost> work) {
        eachSeat(seat -> {
            ReplicaHost opened = seat.host();
            if (opened != null) {
                work.accept(opened);
            }
        });
    }

    private void peerGone(NodeId node, Session session) {
        primaries.gone(node, session);
        courier.peerGone(node, session);
    }

    private synchronized void tableChanged(ClusterState state) {
        primaries.changed(state).forEach(this::ownerChanged);
        eachSeat(ReplicaSeat::review);
        if (!leaving) {
            each(opened -> Optional.ofNullable(state.row(opened.id())).ifPresent(opened::prefer));
        }
    }

    private void ownerChanged(PartitionId partition) {
        listeners.forEach(each -> each.accept(partition));
    }

    /** Tells who asks for the owner too, when there is none any more. */
    private final class Announced implements Terms {
        private final Terms next;

        Announced(Terms next) {
            this.next = next;
        }

        @Override
        public void began(Partition partition, List<TaskEntry> notEnded) {
            next.began(partition, notEnded);
        }

        @Override
        public void ended(Partition partition) {
            ownerChanged(partition.id());
            next.ended(partition);
        }

        @Override
        public boolean isRunning(PartitionId partition) {
            return next.isRunning(partition);
        }

        @Override
        public void failed(Throwable cause) {
            next.failed(cause);
        }
    }

    // ---- who leads what

    @Override
    public Owner of(PartitionId partition) {
        return owners.of(partition, seats.get(partition.value()), membership.state());
    }

    @Override
    public int copies(PartitionId partition) {
        PartitionRow row = membership.state().row(partition);
        return row == null ? 0 : row.inSync().size();
    }

    @Override
    public void onChange(Consumer<PartitionId> listener) {
        listeners.add(listener);
    }

    /** Be it that it refuses. */
    @Override
    public Optional<PartitionAccess> led(int number) {
        ReplicaSeat here = number < seats.length() ? seats.get(number) : null;
        Owner.Local local = here == null ? null : here.owner();
        return here != null && local != null && here.mayAnswer() ? Optional.of(local.partition()) : Optional.empty();
    }

    @Override
    public boolean isComing(PartitionId partition) {
        ReplicaSeat here = partition.value() < seats.length() ? seats.get(partition.value()) : null;
        if (here == null || here.owner() != null || here.problem() != null) {
            return false;
        }
        PartitionRow row = membership.state().row(partition);
        return row != null && row.primary().filter(membership.self()::equals).isPresent();
    }

    /** A partition that this node leads, whether or not it may answer for it right now. */
    public Optional<Partition> serving(PartitionId partition) {
        return hostOf(partition).map(ReplicaHost::serving);
    }

    /** Why this node, which alone has the partition, refuses it; empty where it does not. */
    public Optional<String> refusing(PartitionId partition) {
        return Optional.ofNullable(seats.get(partition.value())).map(ReplicaSeat::refusing);
    }

    /** Why this node, which leads the partition or alone has it, refuses it; empty where it does not. */
    public Optional<String> problem(PartitionId partition) {
        return serving(partition).map(Partition::problem).or(() -> refusing(partition));
    }

    /** Up to where the copy of a partition that is here may be read from its files; empty if it is left out. Any thread. */
    public Optional<LogEnd> end(PartitionId partition) {
        return hostOf(partition).map(opened -> opened.shell().end());
    }

    private Optional<ReplicaHost> hostOf(PartitionId partition) {
        return Optional.ofNullable(seats.get(partition.value())).map(ReplicaSeat::host);
    }

    /** What this node leads, whether or not it may answer for it right now. */
    public List<Partition> serving() {
        List<Partition> serving = new ArrayList<>();
        each(opened -> {
            Partition partition = opened.serving();
            if (partition != null) {
                serving.add(partition);
            }
        });
        return serving;
    }

    /** For clients and other members: whoever is seen, or leads a partition, which those who do not see it can not know better. */
    public PartitionTable table() {
        ClusterState state = membership.state();
        Set<NodeId> leading = state.rows().values().stream()
                .flatMap(row -> row.primary().stream())
                .collect(Collectors.toSet());
        List<PartitionTable.Node> members = new ArrayList<>();
        for (Member member : state.members().values()) {
            if (member.presence().present() || member.id().equals(membership.self()) || leading.contains(member.id())) {
                membership
                        .addressOf(member.id())
                        .ifPresent(
                                address -> members.add(new PartitionTable.Node(member.id(), member.name(), address)));
            }
        }
        List<String> leaders = new ArrayList<>();
        List<Integer> copies = new ArrayList<>();
        for (int number = 0; number < seats.length(); number++) {
            PartitionRow row = state.row(new PartitionId(number));
            leaders.add(row == null ? "" : row.primary().map(NodeId::diskId).orElse(""));
            copies.add(row == null ? 0 : row.inSync().size());
        }
        return new PartitionTable(state.revision().value(), config.getClusterName(), members, leaders, copies);
    }

    // ---- the end

    /**
     * Hands what this node leads over to members that are in sync, as far as there are any, and waits for that. Nothing is to be
     * running here any more.
     *
     * @return whether nothing is led here any more that another could lead
     */
    public boolean handOver(Duration atMost) throws InterruptedException {
        long endNanos = System.nanoTime() + atMost.toNanos();
        leaving = true;
        List<ReplicaHost> handing = new ArrayList<>();
        each(opened -> successor(opened).ifPresent(target -> {
            handing.add(opened);
            opened.handOver(target, HandOverKind.CLOSE);
        }));
        while (handing.stream().anyMatch(opened -> opened.serving() != null)) {
            if (System.nanoTime() - endNanos >= 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    private Optional<NodeId> successor(ReplicaHost opened) {
        ClusterState state = membership.state();
        PartitionRow row = state.row(opened.id());
        if (row == null || opened.serving() == null) {
            return Optional.empty();
        }
        return row.replicas().stream()
                .filter(node -> !node.equals(membership.self()) && row.inSync().contains(node))
                .filter(node -> {
                    Member member = state.member(node);
                    return member != null && member.presence().present() && !primaries.isGone(node, member.session());
                })
                .findFirst();
    }

    /**
     * From here on nothing is served or said, so that others may lead without waiting; {@link #close} is to follow, which may wait for
     * a disk. Idempotent.
     */
    public void fallSilent() {
        each(ReplicaHost::fallSilent);
    }

    /** Shows the thread of ticks and beacons, on which nothing is to wait but in a test. */
    public void eachThread(Consumer<Executor> visitor) {
        threads.eachThread(visitor);
    }

    /** Ends the replicas; logs stay open. Idempotent. */
    @Override
    public void close() {
        ClusterMembership.Listening open = listening;
        if (open != null) {
            open.close();
        }
        eachSeat(ReplicaSeat::close);
        threads.close();
    }
}
