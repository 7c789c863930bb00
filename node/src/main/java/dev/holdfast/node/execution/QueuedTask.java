package dev.holdfast.node.execution;

import dev.holdfast.node.partition.Partition;

/** A task that waits for a worker. Whether it still is to run is looked up when one takes it. */
public record QueuedTask(Partition partition, long sequence) {}
