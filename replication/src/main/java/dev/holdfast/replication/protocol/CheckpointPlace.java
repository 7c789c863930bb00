package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.LogEnd;

/**
 * A place within a checkpoint.
 *
 * @param at which one: where the log ended that it replaces
 */
public record CheckpointPlace(LogEnd at, long offsetBytes) {

    /** Of whatever checkpoint there is. */
    public static final CheckpointPlace START = new CheckpointPlace(LogEnd.EMPTY, 0);
}
