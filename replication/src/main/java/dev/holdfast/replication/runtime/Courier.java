package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.PartitionId;

/** Takes messages to other replicas. Never blocks, never throws; what is lost is said again by the protocol. Any thread. */
public interface Courier {

    /** The most bytes of records that one append may carry: a larger run is sent in parts, a larger record is refused. */
    default int maxRunBytes() {
        return Integer.MAX_VALUE;
    }

    /** Takes {@code message} to {@code to}, or loses it. */
    void send(PartitionId partition, NodeId to, Message message);
}
