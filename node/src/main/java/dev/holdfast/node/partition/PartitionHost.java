package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.ExecutorLimits;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * What the partitions of a node share.
 *
 * @param limits of an executor by its name; called under a partition's lock
 * @param storage threads that go on draining and reserve sequences; must not be occupied for long
 * @param checkpoints thread that writes checkpoints; may be occupied for as long as the disk takes
 * @param timer starts what is due later; idle where nothing is
 * @param execution what runs of their tasks
 * @param inboxCapacity submits per partition that wait for their commit; beyond it they are rejected
 * @param maxBatch commands that are appended in one run
 */
public record PartitionHost(
        Function<String, ExecutorLimits> limits,
        InstantSource clock,
        Executor storage,
        Executor checkpoints,
        ScheduledExecutorService timer,
        PartitionEvents events,
        WaiterLimit waiterLimit,
        Execution execution,
        int inboxCapacity,
        int maxBatch) {}
