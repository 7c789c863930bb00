package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.storage.log.PartitionId;

/** A message with the partition that it is about. */
record Envelope(PartitionId partition, Message message) {}
