package dev.holdfast.storage.log;

/**
 * A piece of a checkpoint's file on its way to another replica. Immutable; the array is not copied and must not be changed.
 *
 * @param at the end of the log that the checkpoint describes
 * @param offsetBytes of the piece within the file
 * @param last whether the file ends with it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
public record CheckpointPart(LogEnd at, long offsetBytes, boolean last, byte[] bytes) {}
