package dev.holdfast.node.assembly;

import dev.holdfast.config.Config;
import dev.holdfast.node.callback.Callbacks;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.execution.BriefWait;
import dev.holdfast.node.execution.WorkerPool;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.service.LatencyRecorder;
import dev.holdfast.node.service.NodeContext;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** The node for its executor services. */
final class EmbeddedContext implements NodeContext {

    private static final Blocking NO_WORKER = () -> {};

    private final Config config;
    private final List<PartitionAccess> partitions;
    private final TaskCodec codec;
    private final InstantSource clock;
    private final Callbacks callbacks;
    private final BriefWait briefWait;
    private final NodeState state;
    private final Function<String, LatencyRecorder> latencies;
    private final IntSupplier memberCount;

    EmbeddedContext(
            Config config,
            List<PartitionAccess> partitions,
            TaskCodec codec,
            InstantSource clock,
            Callbacks callbacks,
            BriefWait briefWait,
            NodeState state,
            Function<String, LatencyRecorder> latencies,
            IntSupplier memberCount) {
        this.config = config;
        this.partitions = List.copyOf(partitions);
        this.codec = codec;
        this.clock = clock;
        this.callbacks = callbacks;
        this.briefWait = briefWait;
        this.state = state;
        this.latencies = latencies;
        this.memberCount = memberCount;
    }

    @Override
    public int memberCount() {
        return memberCount.getAsInt();
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
        return clock;
    }

    @Override
    public Callbacks callbacks() {
        return callbacks;
    }

    @Override
    public BriefWait briefWait() {
        return briefWait;
    }

    @Override
    public Blocking blocking() {
        WorkerPool pool = WorkerPool.blockCurrent();
        return pool == null ? NO_WORKER : pool::unblock;
    }

    @Override
    public LatencyRecorder latencies(String executor) {
        return latencies.apply(executor);
    }

    @Override
    public void checkOpen() {
        state.checkOpen();
    }
}
