package dev.holdfast.node.cluster;

import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.runtime.Courier;
import dev.holdfast.replication.runtime.EpochStore;
import dev.holdfast.replication.runtime.ShellThreads;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
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
