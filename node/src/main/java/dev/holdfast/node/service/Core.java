package dev.holdfast.node.service;

import dev.holdfast.StaleTaskIdException;
import dev.holdfast.StaleTaskIdException.Reason;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.node.routing.Router;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the parts of one executor service share. */
record Core(
        String name,
        NodeContext context,
        DurableExecutorConfig config,
        Router router,
        Protection protection,
        PartitionCalls calls,
        LatencyRecorder latencies,
        LongAdder rejected) {

    static Core of(String name, NodeContext context) {
        DurableExecutorConfig config = context.config().findDurableExecutorConfig(name);
        return new Core(
                name,
                context,
                config,
                new Router(name, context.partitions(), context.codec(), config.getCapacity()),
                Protection.of(name, context, config),
                new PartitionCalls(name, context),
                context.latencies(name),
                new LongAdder());
    }

    TaskCodec codec() {
        return context.codec();
    }

    List<PartitionAccess> partitions() {
        return router.partitions();
    }

    List<ExecutorView> views() {
        return partitions().stream().map(partition -> partition.executor(name)).toList();
    }

    AutoCloseable awaitResult(PartitionAccess partition, long sequence, Consumer<Reply> onReply) {
        return partition.awaitResult(name, sequence, onReply);
    }

    /** Attempts that run now, on all nodes. */
    long running() {
        return partitions().stream()
                .mapToLong(partition -> partition.running(name).size())
                .sum();
    }

    StaleTaskIdException stale(long taskId, Staleness why) {
        return new StaleTaskIdException(
                name,
                taskId,
                switch (why) {
                    case DISPOSED -> Reason.DISPOSED;
                    case EVICTED -> Reason.EVICTED;
                    case UNKNOWN -> Reason.UNKNOWN;
                    case LOST -> Reason.LOST;
                });
    }
}
