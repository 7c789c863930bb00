package dev.holdfast.storage.checkpoint;

import dev.holdfast.storage.log.LogEnd;

/**
 * What a whole checkpoint is known by.
 *
 * @param at the end of the log that it describes
 * @param session of the process that wrote it
 * @param firstSegment the oldest segment that is still needed with it
 * @param items how many it holds
 * @param hash running hash over all its records
 */
public record CheckpointSummary(LogEnd at, long session, long firstSegment, long items, long hash) {}
