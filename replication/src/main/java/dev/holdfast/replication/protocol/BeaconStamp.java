package dev.holdfast.replication.protocol;

/** When a beacon was sent, on its sender's monotonic clock; everybody else only returns it. */
public record BeaconStamp(long sentAtNanos) {}
