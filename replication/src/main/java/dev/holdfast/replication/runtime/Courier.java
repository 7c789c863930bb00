package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.PartitionId;

/** Takes messages to other replicas. Never blocks, never throws; what is lost is said again by the protocol. Any thread. */
public interface Courier {

    void send(PartitionId partition, NodeId to, Message message);
}
