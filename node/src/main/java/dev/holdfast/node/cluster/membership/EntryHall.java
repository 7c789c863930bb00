package dev.holdfast.node.cluster.membership;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.ratis.GroupMember;
import dev.holdfast.replication.control.ratis.RatisControlPlane;
import dev.holdfast.replication.control.ratis.RatisSettings;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.runtime.ControlOverTransport;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import dev.holdfast.storage.NodeStorage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a node's membership runs on, opened in this order and closed in the other: transport, probes, control plane. Of the
 * thread that starts the node, but for the answers to probes; read by any thread once {@link #enter} has returned.
 */
final class EntryHall implements AutoCloseable {

    private final Config config;
    private final MembershipTiming timing;
    private final MemberDisk disk;
    private final SelfIdentity identity;
    private final PeerEvents events;
    private final Inbound inbound;
    private final NettyTransport transport;
    private final ClusterSearch search;
    private final Prober prober;
    private final ControlOverTransport controlTransport;
    private final WaitLog waits;

    private volatile @Nullable RatisControlPlane control;
    private volatile @Nullable StateWatch watch;
    private volatile @Nullable Founding founding;
    private int looks;

    private EntryHall(
            Config config,
            MemberDisk disk,
            SelfIdentity identity,
            PeerEvents events,
            Inbound inbound,
            NettyTransport transport,
            MembershipTiming timing) {
        this.config = config;
        this.timing = timing;
        this.disk = disk;
        this.identity = identity;
        this.events = events;
        this.inbound = inbound;
        this.transport = transport;
        MemberList list = MemberList.of(config, transport.address().orElseThrow());
        this.waits = new WaitLog(config.getNodeName(), timing.sayAgain());
        this.search = new ClusterSearch(config, disk, identity, list, timing, waits);
        this.controlTransport = new ControlOverTransport(transport, inbound);
        this.prober = new Prober(transport, inbound, timing.probe(), this::answer);
    }

    /** Listens, and answers probes. */
    static EntryHall open(
            Config config,
            NodeStorage storage,
            Inbound inbound,
            MembershipTiming timing,
            UnaryOperator<PeerAddress> route) {
        MemberDisk disk = new MemberDisk(storage);
        if (config.getControlPlaneConfig().isWitness() && storage.holdsRecords()) {
            throw new HoldfastException(
                    ErrorCode.MEMBERSHIP_REFUSED,
                    "A witness holds no copies, and this directory has some: directory=" + storage.directory()
                            + "; use an empty one, or control-plane.witness=false");
        }
        // As the last process, while it looks for others: with the next session it would not listen to a process on the
        // same disk id, of which this directory is a copy.
        SelfIdentity identity = new SelfIdentity(disk.node(), config.getNodeName(), disk.session());
        disk.founding().ifPresent(known -> identity.enter(UUID.fromString(known.clusterUuid())));
        PeerEvents events = new PeerEvents();
        NettyTransport transport =
                listen(config, Surroundings.of(identity::now, inbound, events).withRoute(route));
        try {
            return new EntryHall(config, disk, identity, events, inbound, transport, timing);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private static NettyTransport listen(Config config, Surroundings surroundings) {
        try {
            return NettyTransport.start(TransportSettings.of(config.getNetworkConfig()), surroundings);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new HoldfastException(
                    ErrorCode.MEMBERSHIP_REFUSED,
                    "The port can not be opened: network.host="
                            + config.getNetworkConfig().getHost() + ", network.port="
                            + config.getNetworkConfig().getPort() + ", cause=" + e.getMessage(),
                    e);
        }
    }

    /** Blocks until this node is a member. */
    Session enter() throws InterruptedException {
        Founding found = search.search(prober);
        founding = found;
        identity.raise(disk.session().next());
        RatisControlPlane started = startControl(found);
        control = started;
        events.follow(started);
        StateWatch watching = new StateWatch(started);
        watch = watching;
        SessionEntry entry = new SessionEntry(
                config, disk, identity, started, watching, timing.refusal(), search, found, this::lookAgain);
        Session session = entry.enter(found);
        if (identity.raise(session)) {
            reconnect(started.state());
        }
        prober.rest();
        return session;
    }

    private RatisControlPlane startControl(Founding found) {
        teachAddresses();
        Map<NodeId, NodeAddress> known = new TreeMap<>(search.addresses());
        known.put(disk.node(), search.announced());
        List<GroupMember> founders = !found.voters().contains(disk.node())
                ? List.of()
                : found.voters().stream()
                        .map(voter -> new GroupMember(voter, addresses(known.get(voter)), true))
                        .toList();
        List<NodeId> contacts = known.keySet().stream()
                .filter(node -> !node.equals(disk.node()))
                .toList();
        RatisSettings settings = new RatisSettings(
                disk.node(),
                disk.controlPlane(),
                UUID.fromString(found.clusterUuid()),
                founders,
                contacts,
                timing.control());
        try {
            return RatisControlPlane.start(settings, controlTransport);
        } catch (IOException e) {
            throw new HoldfastException(
                    ErrorCode.MEMBERSHIP_REFUSED,
                    "The control plane's log can not be used: directory=" + disk.controlPlane() + ", cause=" + e,
                    e);
        }
    }

    private static List<NodeAddress> addresses(@Nullable NodeAddress known) {
        return known == null ? List.of() : List.of(known);
    }

    private void teachAddresses() {
        search.addresses().forEach((node, address) -> controlTransport.learn(node, List.of(address)));
    }

    /** While nothing is decided: others may have come, or moved. */
    private void lookAgain(String reason) throws InterruptedException {
        waits.waits(reason, System.nanoTime());
        var unused = search.look(prober);
        teachAddresses();
        search.pause(++looks);
    }

    /** What was connected before the session was known says another one. */
    private void reconnect(ClusterState state) {
        for (Member member : state.members().values()) {
            transport.disconnect(Peer.of(
                    member.id(), MemberList.toDial(member.details().addresses().get(0)), Role.CONTROL));
        }
    }

    private ProbeAnswer answer(Caller from) {
        RatisControlPlane running = control;
        ClusterState state = running == null ? ClusterState.EMPTY : running.state();
        Member asker = state.member(from.identity().node());
        SortedMap<NodeId, NodeAddress> voters = new TreeMap<>();
        for (Member member : state.members().values()) {
            if (member.role().votes()) {
                voters.put(member.id(), member.details().addresses().get(0));
            }
        }
        return new ProbeAnswer(
                config.getClusterName(),
                search.process(),
                asker == null ? 0 : asker.session().value(),
                state.departed().containsKey(from.identity().node()),
                state.founding().isPresent()
                        ? state.minInSync()
                        : config.getReplicationConfig().getMinInSync(),
                voters,
                search.view());
    }

    MemberDisk disk() {
        return disk;
    }

    Inbound inbound() {
        return inbound;
    }

    void eachThread(Consumer<Executor> visitor) {
        transport.eachThread(visitor);
        control().eachThread(visitor);
    }

    Transport transport() {
        return transport;
    }

    ControlOverTransport controlTransport() {
        return controlTransport;
    }

    PeerEvents events() {
        return events;
    }

    NodeAddress announced() {
        return search.announced();
    }

    RatisControlPlane control() {
        return Objects.requireNonNull(control, "not entered yet");
    }

    StateWatch watch() {
        return Objects.requireNonNull(watch, "not entered yet");
    }

    UUID clusterUuid() {
        return UUID.fromString(
                Objects.requireNonNull(founding, "not entered yet").clusterUuid());
    }

    @Override
    public void close() {
        prober.close();
        RatisControlPlane running = control;
        if (running != null) {
            running.close();
        }
        transport.close();
    }
}
