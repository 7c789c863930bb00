package dev.holdfast.node.assembly;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastException;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.AdminHost;
import dev.holdfast.node.admin.AdminSocket;
import dev.holdfast.node.execution.QueuedTask;
import dev.holdfast.node.execution.TaskRunner;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.recovery.LogStore;
import dev.holdfast.node.recovery.PartitionReport;
import dev.holdfast.node.recovery.Recovery;
import dev.holdfast.node.recovery.RecoveryReport;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node with one copy of everything and no open port. */
public final class EmbeddedNode implements HoldfastInstance {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedNode.class);
    private static final long QUIET_SECONDS = 10;

    private final NodeMode mode;
    private final Config config;
    private final LogStore store;
    private final NodeParts parts;
    private final NodeState state;
    /** Empty until they are recovered: a disk may fail before. */
    private volatile List<PartitionAccess> partitions = List.of();

    private final Pools pools;
    private final EmbeddedContext context;
    private final Cluster cluster;
    private final RecoveryReport report;
    private final NodeInside inside;

    private final Services services = new Services(this::newService);
    private volatile Optional<AdminSocket> admin = Optional.empty();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * Starts a node.
     *
     * @param config validated; the node's own
     * @param store the node's from here on: closed with it, or when it does not start
     * @throws HoldfastException a newer version wrote the store; the message names what is needed
     */
    public static EmbeddedNode start(Config config, LogStore store) {
        return start(config, store, NodeMode.SERVE);
    }

    static EmbeddedNode start(Config config, LogStore store, NodeMode mode) {
        NodeParts parts = new NodeParts(config, store.place(), mode);
        try {
            EmbeddedNode node = new EmbeddedNode(config, store, parts, mode);
            if (mode == NodeMode.SERVE) {
                node.begin();
                node.admin = store.directory().flatMap(place -> AdminSocket.open(place, node.inside));
            }
            return node;
        } catch (UnreadableRecordException e) {
            endParts(parts, store, e);
            throw new HoldfastException(ErrorCode.NEWER_FORMAT, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | Error e) {
            endParts(parts, store, e);
            throw e;
        }
    }

    private static void endParts(NodeParts parts, LogStore store, Throwable cause) {
        parts.endForces();
        parts.threads().endStorage();
        parts.threads().endCallbacks();
        closeQuietly(store, cause);
    }

    private static void closeQuietly(LogStore store, Throwable cause) {
        try {
            store.close();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private EmbeddedNode(Config config, LogStore store, NodeParts parts, NodeMode mode) {
        this.mode = mode;
        this.config = config;
        this.store = store;
        this.parts = parts;
        this.state = new NodeState(config.getNodeName());
        parts.onLogFailure(this::stopServing);
        Recovery recovery = new Recovery(
                store, parts.host(), config.getStorageConfig().getSync(), parts.force(), mode == NodeMode.VISIT);
        Recovery.Outcome recovered = recovery.run(config.getPartitionCount());
        this.partitions = recovered.partitions();
        this.report = recovered.report();
        TaskRunner runner = parts.runner(this);
        this.pools = new Pools(config, runner, parts.threads().briefWait(), () -> partitions);
        this.context = parts.context(partitions, state, () -> 1);
        this.cluster = new EmbeddedCluster(context, store.id());
        this.inside = new NodeInside(
                context,
                parts,
                pools,
                runner,
                store.session(),
                this::serving,
                services.inUse(),
                services::of,
                new NodeAlone(context, store.id(), store.session()));
        parts.events().setPools(pools);
        if (mode == NodeMode.VISIT) {
            return; // nothing is to run
        }
        for (Recovery.Recovered task : recovered.runnable()) {
            pools.execute(
                    task.entry().executor(),
                    new QueuedTask(task.partition(), task.entry().sequence()));
        }
    }

    /** Everything is in its place: finish what a stop cut short, say what was found, execute. */
    private void begin() {
        state.checkOpen();
        TreeSet<String> executors = new TreeSet<>();
        serving().forEach(partition -> executors.addAll(partition.executors()));
        executors.forEach(name -> services.of(name).reconcileOperations());
        LOG.info(
                "Started: node={}, data={}, sync={}, session={}, partitions={}, recovered: {}",
                config.getNodeName(),
                store.place(),
                config.getStorageConfig().getSync(),
                store.session(),
                partitions.size(),
                report);
        for (PartitionReport partition : report.partitions()) {
            partition.quarantined().forEach(this::logQuarantined);
        }
        if (config.isAutoStart()) {
            start();
        }
    }

    /** Finishes an operation on the executor that a stop cut short: before another one, which would hide it. */
    void finishOperations(String executor) {
        services.of(executor).reconcileOperations();
    }

    /** For the console. */
    AdminHost inside() {
        return inside;
    }

    List<PartitionAccess> partitions() {
        return partitions;
    }

    private void logQuarantined(long taskId) {
        TaskId task = new TaskId(taskId);
        TaskEntry entry = partitions.get(task.partition().value()).find(task.sequence());
        if (entry != null) {
            parts.events().quarantined(task, entry);
        }
    }

    /** What the start found. */
    public RecoveryReport report() {
        return report;
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

    private DurableExecutorServiceImpl newService(String name) {
        return new DurableExecutorServiceImpl(name, context);
    }

    private List<Partition> serving() {
        return partitions.stream()
                .filter(Partition.class::isInstance)
                .map(Partition.class::cast)
                .toList();
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

    /** The disk failed: nothing more is acknowledged or started. The directory stays locked until {@link #close}. */
    private void stopServing(Throwable cause) {
        if (!state.fail(cause)) {
            return;
        }
        LOG.error(
                ErrorCode.DISK_FAILED.says("The node stops: its disk failed, nothing is acknowledged from here on;"
                        + " look at the disk and start the node again: node={}, data={}"),
                config.getNodeName(),
                store.place(),
                cause);
        // A disk that fails while the node starts ends the start, see begin().
        for (PartitionAccess partition : partitions) {
            if (partition instanceof Partition serving) {
                serving.fail(
                        "The node has stopped, its disk failed: node=" + config.getNodeName() + ", cause=" + cause);
            }
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
        pools.stop();
        int abandoned = new GracefulClose(parts.running(), partitions).endAttempts(config.getShutdownGrace());
        state.close();
        boolean clean = true;
        for (PartitionAccess partition : partitions) {
            if (partition instanceof Partition serving) {
                clean &= serving.close(state.closedMessage(), QUIET_SECONDS, TimeUnit.SECONDS);
            }
        }
        admin.ifPresent(AdminSocket::close);
        parts.endForces();
        parts.threads().endStorage();
        clean &= closeStore(clean && !state.hasFailed());
        parts.threads().endCallbacks();
        LOG.info(
                "Closed: node={}, data={}, inOrder={}, abandonedTasks={}",
                config.getNodeName(),
                store.place(),
                clean,
                abandoned);
    }

    private boolean closeStore(boolean clean) {
        try {
            if (clean && mode == NodeMode.SERVE) {
                store.markClean();
            } else if (clean) {
                store.markAsFound();
            }
            store.close();
            return clean;
        } catch (RuntimeException | InternalError e) {
            LOG.error(
                    ErrorCode.CLOSE_NOT_FORCED.says("Not everything was forced at the close: node={}, data={}"),
                    getName(),
                    store.place(),
                    e);
            return false;
        }
    }
}
