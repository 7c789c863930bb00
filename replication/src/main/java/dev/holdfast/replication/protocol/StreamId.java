package dev.holdfast.replication.protocol;

/**
 * One stream of runs to a follower, named by the time, on the follower's clock, at which it asked. Later ones are greater within
 * a process; what belongs to an earlier one is recognised even if the follower began anew with another log.
 */
public record StreamId(long askedAtNanos) {}
