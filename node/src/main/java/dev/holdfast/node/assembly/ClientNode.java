package dev.holdfast.node.assembly;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastException;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.ClusterClient;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.node.remote.ClusterInquiry;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.PartitionSlot;
import dev.holdfast.node.remote.PartitionTable;
import dev.holdfast.node.remote.RemoteCalls;
import dev.holdfast.node.remote.TableKeeper;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client: all partitions are on other nodes, nothing is stored or executed here. Needs no JVM flag. */
public final class ClientNode implements HoldfastInstance {

    private static final Logger LOG = LoggerFactory.getLogger(ClientNode.class);
    private static final int NAME_CHARS = 8;
    private static final Duration OTHERS = Duration.ofSeconds(2);

    /** "As the member has it": a client does not know how executors are configured. */
    private static final int MAX_CRASHES_OF_THE_MEMBER = 0;

    private final Config config;
    private final NodeState state;
    private final NodeThreads threads;
    private final Transport transport;
    private final TableKeeper keeper;
    private final List<PartitionSlot> slots = new ArrayList<>();
    private final ClientContext context;
    private final Cluster cluster;
    private final Services services;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * Connects; blocks until a member has told the partition table, for at most {@code request-timeout}.
     *
     * @param config validated; the client's own
     * @throws HoldfastException no member answers
     */
    public static ClientNode connect(ClientConfig config) {
        UUID id = UUID.randomUUID();
        TransportSettings settings = TransportSettings.of(config);
        String name = "client-" + id.toString().substring(0, NAME_CHARS);
        Identity self = new Identity(Optional.empty(), Role.CLIENT, new NodeId(id.toString()), 0, name);
        Transport transport =
                NettyTransport.start(settings, Surroundings.of(() -> self, new Inbound(), ConnectionListener.NONE));
        return connect(config, id, name, transport);
    }

    /**
     * Connects for the console; otherwise as {@link #connect}.
     *
     * @param report what a member of the cluster has told of it
     */
    public static ClusterClient forConsole(ClientConfig config, ClusterReport report) {
        ClientNode client = connect(config.copy().validate());
        try {
            SortedSet<String> executors = ClusterInquiry.executors(client.transport, report, OTHERS);
            return new ClusterClient(client, new ClientInside(client.context, report, executors, client.services::of));
        } catch (RuntimeException | Error e) {
            client.close();
            throw e;
        }
    }

    static ClientNode connect(ClientConfig config, UUID id, String name, Transport transport) {
        Config asMember = asMember(config, name);
        NodeThreads threads = new NodeThreads(asMember.getCallbackPoolSize());
        TableKeeper keeper = new TableKeeper(transport, threads.timer(), config.getClusterName(), config.getMembers());
        try {
            PartitionTable table = firstTable(keeper, config);
            return new ClientNode(config, asMember, id, threads, transport, keeper, table);
        } catch (RuntimeException | Error e) {
            keeper.close();
            transport.close();
            threads.endStorage();
            threads.endCallbacks();
            throw e;
        }
    }

    private static PartitionTable firstTable(TableKeeper keeper, ClientConfig config) {
        Duration timeout = config.getRequestTimeout();
        try {
            return keeper.start().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notReached(keeper, config, "it was interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw notReached(keeper, config, "request-timeout=" + timeout);
        }
    }

    private static HoldfastException notReached(TableKeeper keeper, ClientConfig config, String ended) {
        return new HoldfastException(
                ErrorCode.CLUSTER_NOT_REACHED,
                "No member answers: cluster-name=" + config.getClusterName() + ", members=" + config.getMembers() + ", "
                        + ended + ", last: " + keeper.problem()
                        + "; look whether a member runs there, and is open to clients");
    }

    /** What executors are told of settings: those of a node with an open port that stores nothing. */
    private static Config asMember(ClientConfig client, String name) {
        Config config = new Config()
                .setClusterName(client.getClusterName())
                .setNodeName(name)
                .setSubmitTimeout(client.getRequestTimeout())
                .setClassLoader(client.getClassLoader());
        config.getNetworkConfig().setEnabled(true);
        client.getSerializationConfig().copyTo(config.getSerializationConfig());
        config.getDurableExecutorConfig("default").setMaxCrashes(MAX_CRASHES_OF_THE_MEMBER);
        return config;
    }

    private ClientNode(
            ClientConfig client,
            Config config,
            UUID id,
            NodeThreads threads,
            Transport transport,
            TableKeeper keeper,
            PartitionTable table) {
        this.config = config;
        this.state = new NodeState(config.getNodeName());
        this.threads = threads;
        this.transport = transport;
        this.keeper = keeper;
        RemoteCalls calls = new RemoteCalls(
                transport,
                List::of,
                id,
                threads.calls(),
                threads.timer(),
                new WaiterLimit(config.getMaxWaiters()),
                client.getRequestTimeout(),
                client.getMaxOutstanding());
        for (int i = 0; i < table.leaders().size(); i++) {
            slots.add(new PartitionSlot(new PartitionId(i), keeper, calls));
        }
        this.context = new ClientContext(config, List.<PartitionAccess>copyOf(slots), threads, state);
        this.services = new Services(service -> new DurableExecutorServiceImpl(service, context));
        this.cluster = new ClientCluster(context, keeper, id.toString());
        LOG.info(
                "Connected: client={}, cluster={}, members={}, partitions={}",
                config.getNodeName(),
                client.getClusterName(),
                table.members().size(),
                slots.size());
    }

    @Override
    public String getName() {
        return config.getNodeName();
    }

    @Override
    public DurableExecutorService getDurableExecutorService(String name) {
        Services.check(name);
        state.checkOpen();
        return services.of(name);
    }

    @Override
    public Cluster getCluster() {
        return cluster;
    }

    /** Nothing: members execute. */
    @Override
    public void start() {
        state.checkOpen();
    }

    /** Whoever waits is told; tasks and their results stay where they are. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            closed.join();
            return;
        }
        try {
            state.close();
            slots.forEach(PartitionSlot::close);
            keeper.close();
            transport.close();
            threads.endStorage();
            threads.endCallbacks();
            LOG.info("Closed: client={}", config.getNodeName());
        } finally {
            closed.complete(null);
        }
    }
}
