package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;

/** Who is primary, and since which epoch: a redirect to an older epoch than one already followed is ignored. */
public record Leader(NodeId primary, Epoch epoch) {}
