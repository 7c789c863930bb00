package dev.holdfast.replication.control;

/**
 * Whether the control plane sees a member.
 *
 * @param present false once its leader has given the member up
 * @param sinceMillis when that was noted last, in milliseconds since 1970 UTC by the clock of whoever noted it; for people and
 *     for delays of a minute, never for an order of events
 */
public record Presence(boolean present, long sinceMillis) {}
