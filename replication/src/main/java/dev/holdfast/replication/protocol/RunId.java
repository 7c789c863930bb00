package dev.holdfast.replication.protocol;

/** A run of records as its caller numbers it: comes back when the run was refused. */
public record RunId(long value) {}
