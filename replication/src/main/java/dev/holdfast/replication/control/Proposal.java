package dev.holdfast.replication.control;

/** A command under the name that makes its repetitions harmless. */
public record Proposal(CommandId id, ClusterCommand command) {}
