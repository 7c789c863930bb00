package dev.holdfast.replication.transport;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;

/** What a beacon says of one partition: who sends it is its primary, under this epoch. */
public record PartitionEpoch(PartitionId partition, Epoch epoch) {}
