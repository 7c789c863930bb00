package dev.holdfast.node.assembly;

import dev.holdfast.HoldfastInstance;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.remote.PartitionServer;
import dev.holdfast.node.remote.PartitionTable;
import dev.holdfast.node.remote.ServerRules;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;

/** An embedded node whose partitions others may ask for, over a port of this machine. */
public final class ServedNode implements AutoCloseable {

    private static final UUID CLUSTER = new UUID(7, 7);
    private static final int MAX_CRASHES = 3;

    public final EmbeddedNode node;
    public final Transport transport;
    public final PartitionServer server;
    private final NodeId id;
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Set<Integer> givenUp = Collections.synchronizedSet(new HashSet<>());
    private final Set<Integer> coming = Collections.synchronizedSet(new HashSet<>());
    public volatile boolean fails;
    private volatile PartitionTable table;

    public ServedNode(HoldfastInstance embedded) {
        this(embedded, 16 * 1024 * 1024);
    }

    public ServedNode(HoldfastInstance embedded, int maxPayloadBytes) {
        this(embedded, new ServerRules(maxPayloadBytes, executor -> MAX_CRASHES, ServerRules.Protection.NONE));
    }

    public ServedNode(HoldfastInstance embedded, ServerRules rules) {
        this(embedded, rules, NettyTransport::start);
    }

    public ServedNode(
            HoldfastInstance embedded,
            ServerRules rules,
            BiFunction<TransportSettings, Surroundings, Transport> transports) {
        this.node = (EmbeddedNode) embedded;
        this.id = new NodeId("disk-of-" + UUID.randomUUID());
        Inbound inbound = new Inbound();
        Identity self = new Identity(Optional.of(CLUSTER), Role.PEER, id, 1, node.getName());
        this.transport = transports.apply(
                TransportSettings.defaults().listeningOn(new PeerAddress("127.0.0.1", 0)),
                Surroundings.of(() -> self, inbound, new Ends()));
        this.table = tableOf(1, List.of(this), id.diskId());
        this.server = new PartitionServer(inbound, new Leading(), () -> table, rules, executor, timer);
    }

    private final class Ends implements ConnectionListener {
        @Override
        public void ended(Caller caller) {
            server.ended(caller);
        }
    }

    private final class Leading implements PartitionServer.Led {
        @Override
        public Optional<PartitionAccess> led(int partition) {
            if (fails) {
                throw new IllegalStateException("a test has it fail");
            }
            return givenUp.contains(partition)
                    ? Optional.empty()
                    : Optional.of(partitions().get(partition));
        }

        @Override
        public boolean isComing(PartitionId partition) {
            return coming.contains(partition.value());
        }
    }

    public List<PartitionAccess> partitions() {
        return node.partitions();
    }

    public NodeId id() {
        return id;
    }

    public PeerAddress address() {
        return transport.address().orElseThrow();
    }

    public Peer peer() {
        return Peer.of(id, address(), Role.CLIENT);
    }

    /** From here on it is about to lead that partition, which it does not answer for, until {@link #leads}. */
    public void isToLead(int partition) {
        givenUp.add(partition);
        coming.add(partition);
    }

    /** From here on it answers for that partition no more, or again. */
    public void leads(int partition, boolean leads) {
        if (leads) {
            givenUp.remove(partition);
        } else {
            givenUp.add(partition);
        }
        coming.remove(partition);
        server.ownerChanged(new PartitionId(partition));
    }

    public PartitionTable table() {
        return table;
    }

    public void tell(PartitionTable now) {
        table = now;
        server.tableChanged();
    }

    /** A table of those nodes in which {@code leader} leads everything. */
    public static PartitionTable tableOf(long version, List<ServedNode> nodes, String leader) {
        List<PartitionTable.Node> members = new ArrayList<>();
        nodes.forEach(each -> members.add(new PartitionTable.Node(each.id, each.node.getName(), each.address())));
        return new PartitionTable(
                version,
                "dev",
                members,
                Collections.nCopies(nodes.get(0).partitions().size(), leader));
    }

    /** What others were answered is closed; the node stays. */
    @Override
    public void close() {
        server.close();
        transport.close();
        executor.shutdown();
        timer.shutdown();
    }
}
