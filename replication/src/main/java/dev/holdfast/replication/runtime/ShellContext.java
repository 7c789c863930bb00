package dev.holdfast.replication.runtime;

import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedLog;
import java.time.Duration;

/**
 * What a shell stands on.
 *
 * @param log opened and, up to its checkpoint, given to the listener's ring already; closed by whoever opened it
 * @param control shows this process's session already
 * @param forceEvery how often the log is forced besides, with {@code sync: interval}; else zero
 */
public record ShellContext(
        PartitionId partition,
        ReplicaSettings settings,
        ReplicatedLog log,
        EpochStore epochs,
        Courier courier,
        ControlPlane control,
        ReplicaListener listener,
        ShellThreads threads,
        Duration forceEvery) {

    public ShellContext {
        if (forceEvery.isNegative()) {
            throw new IllegalArgumentException("Not an interval: forceEvery=" + forceEvery);
        }
    }
}
