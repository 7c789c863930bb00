package dev.holdfast.node.assembly;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastException;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.AdminSocket;
import dev.holdfast.node.cluster.ClusterReplicas;
import dev.holdfast.node.cluster.membership.ClusterMembership;
import dev.holdfast.node.execution.RunningTask;
import dev.holdfast.node.execution.TaskRunner;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.node.remote.ClusterInquiry;
import dev.holdfast.node.remote.PartitionServer;
import dev.holdfast.node.remote.PartitionSlot;
import dev.holdfast.node.remote.Relay;
import dev.holdfast.node.remote.RemoteCalls;
import dev.holdfast.node.remote.ServerRules;
import dev.holdfast.node.remote.StoppedMembers;
import dev.holdfast.node.service.CalledExecutors;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.replication.protocol.ReplicaTiming;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member of a cluster: it has copies of partitions, and runs the tasks of those that it leads. */
public final class ClusterNode implements HoldfastInstance {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
    private static final Duration HAND_OVER = Duration.ofSeconds(10);
    private static final long REGISTER_SECONDS = 10;

    private final Config config;
    private final NodeStorage storage;
    private final NodeParts parts;
    private final NodeState state;
    private final ClusterMembership membership;
    private final ClusterReplicas replicas;
    private final PartitionServer server;
    private final List<PartitionSlot> slots = new ArrayList<>();
    private final Pools pools;
    private final EmbeddedContext context;
    private final Cluster cluster;
    private final Services services;
    private volatile Optional<AdminSocket> admin = Optional.empty();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final CompletableFuture<Void> leftToOthers = new CompletableFuture<>();

    /**
     * Starts a member; blocks until it is one, see {@link ClusterMembership#start}.
     *
     * @param config validated, with {@code network.enabled}; the node's own
     * @throws HoldfastException it can not start, with why and what to do
     */
    public static ClusterNode start(Config config) {
        return start(config, NodeSurroundings.PRODUCTION);
    }

    /** As {@link #start(Config)}, in other surroundings. */
    public static ClusterNode start(Config config, NodeSurroundings surroundings) {
        NodeStorage storage = DirectoryStore.storageOf(config);
        NodeParts parts = new NodeParts(config, storage.directory().toString(), NodeMode.SERVE, surroundings.clock());
        try {
            ClusterMembership membership = ClusterMembership.start(
                    config, storage, new Inbound(), surroundings.timing().membership(), surroundings.route());
            try {
                return start(
                        config,
                        storage,
                        parts,
                        membership,
                        surroundings.timing().replicas());
            } catch (RuntimeException | Error e) {
                membership.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            parts.threads().endStorage();
            parts.threads().endCallbacks();
            closeQuietly(storage, e);
            throw e;
        }
    }

    private static ClusterNode start(
            Config config, NodeStorage storage, NodeParts parts, ClusterMembership membership, ReplicaTiming timing) {
        ClusterNode node =
                new ClusterNode(config, storage, parts, membership, ClusterReplicas.timingOf(config, timing));
        try {
            node.begin();
            return node;
        } catch (UnreadableRecordException e) {
            node.endReplicas();
            throw new HoldfastException(ErrorCode.NEWER_FORMAT, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | Error e) {
            node.endReplicas();
            throw e;
        }
    }

    private static void closeQuietly(NodeStorage storage, Throwable cause) {
        try {
            storage.close();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private ClusterNode(
            Config config, NodeStorage storage, NodeParts parts, ClusterMembership membership, ReplicaTiming timing) {
        this.config = config;
        this.storage = storage;
        this.parts = parts;
        this.membership = membership;
        this.state = new NodeState(config.getNodeName());
        parts.onLogFailure(this::stopServing);
        Reconciler reconciler = new Reconciler(
                this::finishOperations, parts.threads().timer(), parts.threads().inquiries());
        NodeTerms terms = new NodeTerms(parts.events(), parts.running(), this::stopServing, reconciler::lookLater);
        this.replicas = new ClusterReplicas(config, storage, membership, parts.host(), terms, timing);
        RemoteCalls calls = new RemoteCalls(
                membership.transport(),
                membership::others,
                UUID.randomUUID(),
                parts.threads().calls(),
                parts.threads().timer(),
                new WaiterLimit(config.getMaxWaiters()),
                config.getSubmitTimeout(),
                config.getNetworkConfig().getMaxOutstanding());
        for (int number = 0; number < membership.partitionCount(); number++) {
            slots.add(new PartitionSlot(new PartitionId(number), replicas, calls));
        }
        TaskRunner runner = parts.runner(this);
        this.pools = new Pools(config, runner, parts.threads().briefWait(), replicas::serving);
        this.context = parts.context(slots, state, membership::memberCount);
        this.services = new Services(this::newService);
        this.cluster = new ClusterView(context, membership, replicas);
        parts.events().setPools(pools);
        terms.setPools(pools);
        CalledExecutors called = new CalledExecutors(context);
        this.server = new PartitionServer(
                membership.inbound(),
                replicas,
                replicas::table,
                new ServerRules(Math.toIntExact(config.getMaxPayload()), called::maxCrashes, called::refuses),
                parts.threads().calls(),
                parts.threads().timer());
        Relay.open(
                membership.inbound(),
                membership.transport(),
                node -> node.equals(membership.self()) ? Optional.empty() : membership.addressOf(node));
        NodeAsMember inCluster = new NodeAsMember(
                config.getClusterName(), membership, replicas, state, new StoppedMembers(membership.inbound()));
        ClusterInquiry.answer(membership.inbound(), inCluster::report);
        this.admin = AdminSocket.open(
                storage.directory(),
                new NodeInside(
                        context,
                        parts,
                        pools,
                        runner,
                        membership.session().value(),
                        replicas::serving,
                        services.inUse(),
                        services::of,
                        inCluster));
    }

    private DurableExecutorServiceImpl newService(String name) {
        return new DurableExecutorServiceImpl(name, context);
    }

    private void finishOperations(String executor) {
        services.of(executor).reconcileOperations();
    }

    private void begin() {
        membership.onDiskFailed(this::stopServing);
        register(Config.DEFAULT_NAME); // how many copies there are before an executor is used that says otherwise
        replicas.onChange(server::ownerChanged);
        replicas.open();
        var unused = membership.onChange(table -> server.tableChanged());
        server.tableChanged(); // what changed before somebody listened
        membership.onCallerGone(server::ended);
        LOG.info(
                "Started: node={}, address={}, data={}, sync={}, session={}, partitions={}, members={}",
                config.getNodeName(),
                membership.address(),
                storage.directory(),
                config.getStorageConfig().getSync(),
                membership.session(),
                slots.size(),
                membership.memberCount());
        if (config.isAutoStart()) {
            start();
        }
    }

    /** Others may not differ; should nobody be able to say so now, it is said by whoever uses it next. */
    private void register(String executor) {
        try {
            membership.register(executor).toCompletableFuture().get(REGISTER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof RuntimeException refused && !(isUndecided(refused))) {
                throw refused;
            }
            LOG.info("Not known to the cluster yet: executor={}, cause={}", executor, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.info("Not known to the cluster yet: executor={}", executor);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isUndecided(RuntimeException failure) {
        return failure instanceof dev.holdfast.replication.control.ControlPlaneException;
    }

    @Override
    public String getName() {
        return config.getNodeName();
    }

    @Override
    public DurableExecutorService getDurableExecutorService(String name) {
        Services.check(name);
        state.checkOpen();
        if (!services.inUse().containsKey(name)) {
            register(name);
        }
        return services.of(name);
    }

    @Override
    public Cluster getCluster() {
        return cluster;
    }

    @Override
    public void start() {
        state.checkOpen();
        pools.start();
    }

    /**
     * The disk failed: nothing more is acknowledged or started here, and for the others this node is lost from now on. Its directory
     * stays locked, and the console is told why, until {@link #close}. Any thread, never blocks.
     */
    void stopServing(Throwable cause) {
        if (!state.fail(cause)) {
            return;
        }
        LOG.error(
                ErrorCode.DISK_FAILED.says("The node stops: its disk failed, nothing is acknowledged from here on, and"
                        + " others take over; look at the disk and start the node again: node={}, data={}"),
                config.getNodeName(),
                storage.directory(),
                cause);
        for (Partition partition : replicas.serving()) {
            partition.failOver(
                    "The node has stopped, its disk failed: node=" + config.getNodeName() + ", cause=" + cause);
        }
        NodeThreads.named("holdfast-give-up").newThread(this::leaveToOthers).start();
    }

    /**
     * In this order: others lead as soon as this node refuses their connections, and nothing may be served or started here by then; what
     * may wait for the disk comes last.
     */
    private void leaveToOthers() {
        try {
            List.<Runnable>of(
                            pools::stop,
                            replicas::fallSilent,
                            this::abandonAll,
                            this::sayWhy,
                            () -> slots.forEach(PartitionSlot::close),
                            server::close,
                            membership::close,
                            replicas::close)
                    .forEach(this::guarded);
        } finally {
            leftToOthers.complete(null);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error(
                    ErrorCode.INTERNAL_DEFECT.says("A node whose disk failed could not end something: node={}"),
                    getName(),
                    e);
        }
    }

    private void sayWhy() {
        StoppedMembers.tell(membership.transport(), membership.others(), String.valueOf(state.whyFailed()));
    }

    private void awaitLeft() {
        if (state.hasFailed()) {
            leftToOthers.join();
        }
    }

    /** Whatever the attempts that run here still return is dropped: they run again elsewhere, or at the next start. */
    private void abandonAll() {
        for (RunningTask task : parts.running().all()) {
            task.abandon();
            task.interrupt();
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            closed.join();
            return;
        }
        try {
            closeInOrder();
        } finally {
            closed.complete(null);
        }
    }

    private void closeInOrder() {
        awaitLeft();
        pools.stop();
        int abandoned = new GracefulClose(parts.running(), List.copyOf(slots)).endAttempts(config.getShutdownGrace());
        boolean handedOver = handOver();
        state.close();
        slots.forEach(PartitionSlot::close);
        server.close();
        admin.ifPresent(AdminSocket::close);
        replicas.close();
        parts.threads().endStorage();
        membership.close();
        boolean clean = closeStorage();
        parts.threads().endCallbacks();
        LOG.info(
                "Closed: node={}, data={}, inOrder={}, handedOver={}, abandonedTasks={}",
                config.getNodeName(),
                storage.directory(),
                clean,
                handedOver,
                abandoned);
    }

    /**
     * Ends at once, as far as one JVM allows: nothing is handed over or waited for, running tasks are interrupted and whatever
     * they still return is dropped, and the next start on the directory sees a crash. For tests; idempotent.
     */
    public void kill() {
        if (!closing.compareAndSet(false, true)) {
            closed.join();
            return;
        }
        try {
            awaitLeft();
            pools.stop();
            for (RunningTask task : parts.running().all()) {
                task.abandon();
            }
            replicas.close();
            abandonAll();
            state.close();
            endReplicas();
            membership.close();
            parts.threads().endStorage();
            storage.close();
            parts.threads().endCallbacks();
            LOG.info("Killed: node={}, data={}", config.getNodeName(), storage.directory());
        } finally {
            closed.complete(null);
        }
    }

    /**
     * As near to a process that stands still (SIGSTOP) as one JVM gets: until the result is closed nothing comes in, goes out or is
     * due, for the threads of the network and of the clock are held, while connections stay open; and no task starts. A task that
     * runs goes on, as does who calls this node's own objects; what comes of that is not told to anybody. For tests.
     */
    public Standstill standStill() {
        Standstill standstill = new Standstill(() -> pools.setStandsStill(false));
        try {
            pools.setStandsStill(true);
            replicas.eachThread(standstill::hold);
            membership.eachThread(standstill::hold);
            standstill.hold(parts.threads().timer());
            standstill.awaitHeld();
            return standstill;
        } catch (RuntimeException | Error e) { // of a node that is ending
            standstill.close();
            throw e;
        }
    }

    /** The clock of {@link NodeSurroundings} has jumped: what is due by it is due now. Does not block. */
    public void clockMoved() {
        replicas.serving().forEach(Partition::clockMoved);
    }

    private boolean handOver() {
        if (state.hasFailed()) {
            return false;
        }
        try {
            return replicas.handOver(HAND_OVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void endReplicas() {
        server.close();
        slots.forEach(PartitionSlot::close);
        admin.ifPresent(AdminSocket::close);
        replicas.close();
    }

    private boolean closeStorage() {
        boolean clean = !state.hasFailed();
        try {
            if (clean) {
                storage.markClean();
            }
            storage.close();
            return clean;
        } catch (RuntimeException | InternalError e) {
            LOG.error(
                    ErrorCode.CLOSE_NOT_FORCED.says("Not everything was forced at the close: node={}, data={}"),
                    getName(),
                    storage.directory(),
                    e);
            return false;
        }
    }

    /** What a test or a console wants to know of a member; ends with it. */
    public ClusterMembership membership() {
        return membership;
    }
}
