package dev.holdfast.node.cluster.membership;

import dev.holdfast.Cluster;
import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as a member of its cluster: its session, who the others are, and what all of them agree on. Its partitions are
 * somebody else's.
 *
 * <p>Started and closed by the thread that starts and stops the node; everything else by any thread.
 */
public final class ClusterMembership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);

    /** For a table that is told a moment after what it tells was done. */
    private static final Duration TABLE_TELLS = Duration.ofSeconds(2);

    private final Config config;
    private final EntryHall hall;
    private final Session session;
    private final Decisions decisions;
    private final PlacementThread placement;

    private ClusterMembership(Config config, EntryHall hall, Session session, MembershipTiming timing) {
        this.config = config;
        this.hall = hall;
        this.session = session;
        this.decisions = new Decisions(hall.control());
        PlacementController controller = new PlacementController(
                hall.control()::state,
                decisions,
                () -> hall.control().leader().equals(Optional.of(hall.disk().node())),
                config.getReplicationConfig().getReplaceAfter(),
                timing.firstPlacement());
        this.placement = new PlacementThread(hall.disk().node().diskId(), controller, timing.placement());
        hall.watch().add(state -> placement.look());
    }

    /**
     * Blocks until this node is a member: it founds the cluster with the others that are listed, joins the one that is there,
     * or goes on in its own. As long as the nodes that this needs do not answer it waits, and says in the log for whom. An
     * interrupt ends that.
     *
     * @param config validated, with {@code network.enabled}
     * @param storage opened with the same configuration, no partition yet; stays the caller's. A directory without records gets
     *     the cluster's partition count
     * @param inbound for everything that comes in over the transport; handlers may be put in before and after
     * @throws HoldfastException it can not get in, with why and what to do; or the thread was interrupted, and still is
     * @throws ConfigurationException its executors are not those of the other members
     */
    public static ClusterMembership start(Config config, NodeStorage storage, Inbound inbound) {
        return start(config, storage, inbound, MembershipTiming.PRODUCTION);
    }

    static ClusterMembership start(Config config, NodeStorage storage, Inbound inbound, MembershipTiming timing) {
        return start(config, storage, inbound, timing, UnaryOperator.identity());
    }

    /**
     * As {@link #start(Config, NodeStorage, Inbound)}, as patient as {@code timing} says.
     *
     * @param route where to connect to reach who listens at an address, see {@code Surroundings}
     */
    public static ClusterMembership start(
            Config config,
            NodeStorage storage,
            Inbound inbound,
            MembershipTiming timing,
            UnaryOperator<PeerAddress> route) {
        EntryHall hall = EntryHall.open(config, storage, inbound, timing, route);
        try {
            Session session = hall.enter();
            ClusterMembership membership = new ClusterMembership(config, hall, session, timing);
            try {
                membership.begin();
                return membership;
            } catch (RuntimeException | InterruptedException e) {
                membership.placement.close();
                throw e;
            }
        } catch (InterruptedException e) {
            hall.close();
            Thread.currentThread().interrupt();
            throw new HoldfastException(
                    ErrorCode.NOT_A_MEMBER_YET,
                    "Interrupted before the node was a member: node=" + config.getNodeName(),
                    e);
        } catch (RuntimeException | Error e) {
            hall.close();
            throw e;
        }
    }

    /** Executors with a name of their own are agreed on before the first is used: a member that differs does not start. */
    private void begin() throws InterruptedException {
        for (String name : config.getDurableExecutorConfigs().keySet()) {
            if (!name.contains("*") && !name.equals(Config.DEFAULT_NAME)) {
                Outcome outcome =
                        decisions.await(registration(name), Duration.ofSeconds(1), reason -> LOG.debug("{}", reason));
                check(name, outcome);
            }
        }
        LOG.info(
                "A member: cluster={}, cluster-name={}, node={}, disk-id={}, session={}, address={}, members={}",
                clusterUuid(),
                config.getClusterName(),
                config.getNodeName(),
                self(),
                session,
                hall.announced(),
                members());
    }

    public Transport transport() {
        return hall.transport();
    }

    /** Shows the threads that bring messages and time, on which nothing is to wait but in a test. */
    public void eachThread(Consumer<Executor> visitor) {
        hall.eachThread(visitor);
        placement.eachThread(visitor);
    }

    public Inbound inbound() {
        return hall.inbound();
    }

    public ControlPlane control() {
        return hall.control();
    }

    /** This node's disk id. */
    public NodeId self() {
        return hall.disk().node();
    }

    /** The one that this process has claimed. */
    public Session session() {
        return session;
    }

    /** The table as this member has seen it last. */
    public ClusterState state() {
        return hall.control().state();
    }

    /** The cluster's, whatever is configured. */
    public int partitionCount() {
        return hall.disk().partitionCount();
    }

    public UUID clusterUuid() {
        return hall.clusterUuid();
    }

    /** Where others reach this node. */
    public PeerAddress address() {
        return MemberList.toDial(hall.announced());
    }

    /** Where a member listens, as far as it is known. */
    public Optional<PeerAddress> addressOf(NodeId node) {
        Member member = state().member(node);
        return member == null
                ? Optional.ofNullable(hall.controlTransport().addressOf(node))
                : Optional.of(MemberList.toDial(member.details().addresses().get(0)));
    }

    /** Where the other members are, seen or not. */
    public List<Peer> others() {
        return state().members().values().stream()
                .filter(member -> !member.id().equals(self()))
                .map(member -> Peer.of(
                        member.id(),
                        MemberList.toDial(member.details().addresses().get(0)),
                        Role.PEER))
                .toList();
    }

    /** The members that are seen, this one always. */
    public List<Cluster.Member> members() {
        return state().members().values().stream()
                .filter(this::isSeen)
                .map(member -> new Cluster.Member(
                        member.name(),
                        member.id().diskId(),
                        member.details().addresses().get(0).toString(),
                        member.id().equals(self())))
                .toList();
    }

    /** How many members are seen: what split-brain protection compares with. */
    public int memberCount() {
        return (int) state().members().values().stream().filter(this::isSeen).count();
    }

    /**
     * The table is the control plane's word, which does not reach a member that is cut off: while nobody leads the control plane as
     * far as this node knows, it believes in those only to whom it is connected.
     */
    public boolean isSeen(Member member) {
        if (member.id().equals(self())) {
            return true;
        }
        return member.presence().present() && (hall.control().leader().isPresent() || isConnected(member));
    }

    private boolean isConnected(Member member) {
        PeerAddress address = MemberList.toDial(member.details().addresses().get(0));
        Peer peer = Peer.of(member.id(), address, Role.CONTROL);
        transport().connect(peer); // or a member that nothing is said to at the moment would count as gone
        return transport().connected(peer).isPresent();
    }

    /**
     * Calls {@code listener} with each state of the table from now on, until what is returned is closed. By the thread that
     * applies, which others wait for: it must not block.
     */
    public Listening onChange(Consumer<ClusterState> listener) {
        hall.watch().add(listener);
        return () -> hall.watch().remove(listener);
    }

    /** Ends with {@link #close}; idempotent. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** Calls {@code listener} when a member's process is gone for certain, by threads of the network: it must not block. */
    public void onPeerGone(BiConsumer<NodeId, Session> listener) {
        hall.events().add(listener);
    }

    /**
     * Calls {@code listener} with why the control plane's log can not be written any more, once, at once if that is so already: the
     * node's disk has failed. By a thread that must not be held up.
     */
    public void onDiskFailed(Consumer<Throwable> listener) {
        var unused = hall.control().logFailed().thenAccept(listener);
    }

    /** Calls {@code listener} when a connection that others had made to this node has ended; as {@link #onPeerGone}. */
    public void onCallerGone(Consumer<Caller> listener) {
        hall.events().addForCallers(listener);
    }

    /**
     * Says that this member has an executor, with the settings that its configuration has for that name; they decide how many
     * copies there are. Does not block; again and again is fine.
     *
     * @return fails with a {@link ConfigurationException} that names both, if another member has other settings; with a {@link
     *     HoldfastException} if this process is a member no more; with a {@code ControlPlaneException} if nothing was decided
     */
    public CompletionStage<Void> register(String executor) {
        return decisions.propose(registration(executor)).thenAccept(outcome -> check(executor, outcome));
    }

    private ClusterCommand registration(String executor) {
        return new ClusterCommand.RegisterExecutor(self(), session, ExecutorAgreement.settingsOf(executor, config));
    }

    private static void check(String executor, Outcome outcome) {
        if (outcome.verdict() == Outcome.Verdict.REFUSED) {
            throw ExecutorAgreement.refused(executor, outcome.message());
        }
        if (!outcome.applied()) {
            throw new HoldfastException(ErrorCode.MEMBERSHIP_REFUSED, outcome.message());
        }
    }

    /**
     * {@code cluster recover --accept-data-loss} for one partition: what {@code survivor} has counts from now on, whatever the
     * others had.
     *
     * @param seen the partition's epoch when the operator decided on it
     * @param refusedHere whether this node, if it is the primary, refuses the partition, and so leads nothing
     * @param operator who wants it, for the table
     * @return the outcome; a conflict says that row or survivor have changed meanwhile, or that somebody leads it
     * @throws IllegalArgumentException no such partition or member
     */
    public CompletionStage<Outcome> recover(
            PartitionId partition, NodeId survivor, Epoch seen, boolean refusedHere, String operator) {
        ClusterState state = state();
        PartitionRow row = state.row(partition);
        Member member = state.member(survivor);
        if (row == null || member == null) {
            throw new IllegalArgumentException(
                    "No such partition or member: partition=" + partition + ", partition-count="
                            + state.rows().size() + ", disk-id=" + survivor + ", members="
                            + state.members().keySet());
        }
        Optional<String> otherwise = otherwiseThanSeen(row, survivor, seen, refusedHere);
        if (otherwise.isPresent()) {
            return CompletableFuture.completedFuture(
                    new Outcome(Outcome.Verdict.CONFLICT, state.revision(), otherwise.get()));
        }
        LOG.warn(
                ErrorCode.RECOVERY_ORDERED.says(
                        "Recovers a partition and accepts the loss of data: partition={}, survivor={}, operator={}"),
                partition,
                survivor,
                operator);
        return decisions.propose(new ClusterCommand.Recover(
                partition, row.version(), survivor, member.session(), operator, System.currentTimeMillis()));
    }

    /** A leader that works would be deposed, and what was stored since would be lost. */
    private Optional<String> otherwiseThanSeen(PartitionRow row, NodeId survivor, Epoch seen, boolean refusedHere) {
        if (!row.epoch().equals(seen)) {
            return Optional.of("The partition has changed since it was looked at: look again, and decide again:"
                    + " partition=" + row.partition() + ", epoch-seen=" + seen.value() + ", epoch="
                    + row.epoch().value() + ", primary="
                    + row.primary().map(this::nameOf).orElse("none"));
        }
        return row.primary()
                .filter(primary -> !primary.equals(survivor) && !(refusedHere && primary.equals(self())))
                .filter(primary -> {
                    Member leading = state().member(primary);
                    return leading != null && isSeen(leading);
                })
                .map(primary -> "The partition has a leader that is seen: stop it first if it does not serve:"
                        + " partition=" + row.partition() + ", epoch="
                        + row.epoch().value() + ", primary=" + nameOf(primary)
                        + ", survivor=" + nameOf(survivor));
    }

    private String nameOf(NodeId node) {
        Member member = state().member(node);
        return member == null ? node.diskId() : member.name();
    }

    /**
     * {@code cluster remove}: a member that is gone for good is one no more. Refused while it is seen, or may have what nobody else
     * has.
     *
     * @param operator who wants it, for the log
     */
    public CompletionStage<Outcome> remove(NodeId node, String operator) {
        LOG.info("Removes a member: disk-id={}, operator={}", node, operator);
        return decisions.propose(new ClusterCommand.Remove(node));
    }

    /**
     * Gives up membership: gets no replica any more, waits until others have those that it holds, and is removed. The node has
     * to go on carrying its partitions until then. Not undone if it does not come to an end: call it again. Of a node
     * that is out already it says so. A node that has left comes back with an empty directory only: the control plane counts no votes of the old one.
     *
     * @param timeout for all of it
     * @return whether it is no member any more; false also if nobody could take over what it holds
     */
    public boolean leave(Duration timeout) throws InterruptedException {
        long endNanos = System.nanoTime() + timeout.toNanos();
        if (isOut(state()) || isRemoved(endNanos)) {
            return true;
        }
        // an earlier order, or one that was given up, may have come to its end all the same: only the table tells
        Duration left = left(endNanos);
        return hall.watch().await(this::isOut, left.compareTo(TABLE_TELLS) < 0 ? left : TABLE_TELLS);
    }

    private boolean isRemoved(long endNanos) throws InterruptedException {
        return isApplied(new ClusterCommand.Leave(self(), session), endNanos)
                && hall.watch().await(this::holdsNothing, left(endNanos))
                && isApplied(new ClusterCommand.Remove(self()), endNanos);
    }

    private boolean isOut(ClusterState state) {
        return state.member(self()) == null;
    }

    private boolean holdsNothing(ClusterState state) {
        return state.rows().values().stream().noneMatch(row -> row.replicas().contains(self()));
    }

    private boolean isApplied(ClusterCommand command, long endNanos) throws InterruptedException {
        CompletableFuture<Outcome> outcome = decisions.propose(command).toCompletableFuture();
        try {
            return outcome.get(left(endNanos).toNanos(), TimeUnit.NANOSECONDS).applied();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Could not leave the cluster yet: node={}, cause={}", config.getNodeName(), String.valueOf(e));
            return false;
        }
    }

    private static Duration left(long endNanos) {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Stops taking part, without giving up membership: placement, control plane, then transport. A second or two. Idempotent. */
    @Override
    public void close() {
        placement.close();
        hall.close();
    }

    /** For tests. */
    Optional<NodeAddress> announced() {
        return Optional.of(hall.announced());
    }

    /** Who leads the control plane, as far as this member knows. */
    public Optional<NodeId> leader() {
        return hall.control().leader();
    }
}
