package dev.holdfast.node.cluster;

import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.runtime.Courier;
import dev.holdfast.replication.runtime.EpochStore;
import dev.holdfast.replication.runtime.ShellThreads;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the replicas of a node share of its cluster.
 *
 * @param primaryBeforeGone of a partition: whether the process that led it last is known to be gone
 * @param forceEvery how often logs are forced besides, with {@code sync: interval}; else zero
 */
record ClusterSide(
        ReplicaSettings settings,
        ControlPlane control,
        Courier courier,
        ShellThreads threads,
        Function<PartitionId, EpochStore> epochStores,
        Predicate<PartitionId> primaryBeforeGone,
        Duration forceEvery,
        Terms terms) {

    /** What the node does as it comes to lead partitions, and loses them. Any thread but the network's; may take a while. */
    interface Terms {

        /**
         * From now on tasks of {@code partition} are this node's to run.
         *
         * @param toRun those that were there before
         */
        void began(Partition partition, List<TaskEntry> toRun);

        /** No more: what runs is for nothing. */
        void ended(Partition partition);

        /** Whether an attempt of a task of {@code partition} runs here. */
        boolean isRunning(PartitionId partition);

        /** The copy is to be set aside and learnt again. */
        void damaged(ReplicaHost copy, String why);

        /** The disk failed: the node has to stop. */
        void failed(Throwable cause);
    }

    NodeId self() {
        return settings.self();
    }

    Session session() {
        return settings.session();
    }

    EpochStore epochs(PartitionId partition) {
        return epochStores.apply(partition);
    }

    boolean isPrimaryBeforeGone(PartitionId partition) {
        return primaryBeforeGone.test(partition);
    }
}
