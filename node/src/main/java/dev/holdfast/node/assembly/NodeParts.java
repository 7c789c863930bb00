package dev.holdfast.node.assembly;

import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.config.StorageConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.codec.JavaTaskCodec;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.execution.TaskEnvironment;
import dev.holdfast.node.execution.TaskRunner;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.node.service.LatencyRecorder;
import dev.holdfast.replication.GroupForce;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What a node is made of and its partitions stand on; made before them, ended after them. */
final class NodeParts {

    private final Config config;
    private final InstantSource clock;
    private final NodeThreads threads;
    private final RunningTasks running = new RunningTasks();
    private final TaskCodec codec;
    private final NodeEvents events;
    private final Optional<GroupForce> force;
    private final PartitionHost host;
    private final ConcurrentHashMap<String, LatencyRecorder> latencies = new ConcurrentHashMap<>();
    private final @Nullable ClassLoader classLoader;

    private volatile Consumer<Throwable> onLogFailure = cause -> {};

    NodeParts(Config config, String place, NodeMode mode) {
        this(config, place, mode, InstantSource.system());
    }

    /** @param clock of what is stored */
    NodeParts(Config config, String place, NodeMode mode, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.threads = new NodeThreads(config.getCallbackPoolSize());
        this.codec = new JavaTaskCodec(config);
        ClassLoader configured = config.getClassLoader();
        this.classLoader =
                configured != null ? configured : Thread.currentThread().getContextClassLoader();
        this.events = new NodeEvents(running, threads.timer(), place, this::logFailed);
        this.force = config.getNetworkConfig().isEnabled() ? Optional.empty() : groupForce(config.getStorageConfig());
        StorageConfig storage = config.getStorageConfig();
        LimitsOfExecutors limits = new LimitsOfExecutors(config);
        this.host = new PartitionHost(
                mode == NodeMode.VISIT ? name -> ExecutorLimits.NONE.withKeysOf(limits.apply(name)) : limits,
                clock,
                threads.storage(),
                mode == NodeMode.VISIT ? checkpoint -> {} : threads.checkpoints(),
                threads.timer(),
                events,
                new WaiterLimit(config.getMaxWaiters()),
                new LocalExecution(config.getNodeName(), running),
                storage.getInboxCapacity(),
                storage.getMaxBatch());
    }

    private Optional<GroupForce> groupForce(StorageConfig storage) {
        if (storage.getSync() == SyncPolicy.OS) {
            return Optional.empty();
        }
        Duration interval = storage.getSync() == SyncPolicy.INTERVAL ? storage.getSyncInterval() : Duration.ZERO;
        return Optional.of(new GroupForce("holdfast-force", interval, (log, cause) -> logFailed(cause)));
    }

    private void logFailed(Throwable cause) {
        onLogFailure.accept(cause);
    }

    void onLogFailure(Consumer<Throwable> action) {
        onLogFailure = action;
    }

    NodeThreads threads() {
        return threads;
    }

    @Nullable
    ClassLoader classLoader() {
        return classLoader;
    }

    RunningTasks running() {
        return running;
    }

    NodeEvents events() {
        return events;
    }

    Optional<GroupForce> force() {
        return force;
    }

    PartitionHost host() {
        return host;
    }

    TaskRunner runner(HoldfastInstance instance) {
        TaskEnvironment environment = new TaskEnvironment(
                instance,
                codec,
                clock,
                config.getUserContext(),
                config.getTaskInitializer(),
                classLoader,
                (executor, nanos) -> latencies(executor).executed(nanos));
        return new TaskRunner(environment, running);
    }

    private LatencyRecorder latencies(String executor) {
        return latencies.computeIfAbsent(executor, unused -> new LatencyRecorder());
    }

    /** @param memberCount how many members are seen */
    EmbeddedContext context(List<? extends PartitionAccess> partitions, NodeState state, IntSupplier memberCount) {
        return new EmbeddedContext(
                config,
                List.copyOf(partitions),
                codec,
                clock,
                threads.callbacks(),
                threads.briefWait(),
                state,
                this::latencies,
                memberCount);
    }

    void endForces() {
        force.ifPresent(GroupForce::close);
    }
}
