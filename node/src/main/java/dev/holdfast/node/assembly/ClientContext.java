package dev.holdfast.node.assembly;

import dev.holdfast.config.Config;
import dev.holdfast.node.callback.Callbacks;
import dev.holdfast.node.codec.JavaTaskCodec;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.execution.BriefWait;
import dev.holdfast.node.execution.WorkerPool;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.service.LatencyRecorder;
import dev.holdfast.node.service.NodeContext;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** A client for its executor services. */
final class ClientContext implements NodeContext {

    private static final Blocking NO_WORKER = () -> {};

    private final Config config;
    private final List<PartitionAccess> partitions;
    private final TaskCodec codec;
    private final NodeThreads threads;
    private final NodeState state;
    private final ConcurrentHashMap<String, LatencyRecorder> latencies = new ConcurrentHashMap<>();

    ClientContext(Config config, List<PartitionAccess> partitions, NodeThreads threads, NodeState state) {
        this.config = config;
        this.partitions = List.copyOf(partitions);
        this.codec = new JavaTaskCodec(config);
        this.threads = threads;
        this.state = state;
    }

    @Override
    public String nodeName() {
        return config.getNodeName();
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public List<PartitionAccess> partitions() {
        return partitions;
    }

    @Override
    public TaskCodec codec() {
        return codec;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Callbacks callbacks() {
        return threads.callbacks();
    }

    /** A task of a node in this process may use a client. */
    @Override
    public Blocking blocking() {
        WorkerPool pool = WorkerPool.blockCurrent();
        return pool == null ? NO_WORKER : pool::unblock;
    }

    @Override
    public BriefWait briefWait() {
        return threads.briefWait();
    }

    @Override
    public LatencyRecorder latencies(String executor) {
        return latencies.computeIfAbsent(executor, unused -> new LatencyRecorder());
    }

    @Override
    public void checkOpen() {
        state.checkOpen();
    }
}
