package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import java.util.List;
import java.util.Optional;

/**
 * A log as recovery found it.
 *
 * @param end where it ends
 * @param segments the ones that hold something of it, oldest first
 * @param checkpoint the newest one, or null
 * @param checkpointEnd the end of the log that it describes, {@link LogEnd#EMPTY} without one
 * @param index where the log can be read from, and where its epochs end
 * @param bodies where the bodies are that stay in the log
 * @param recordsReplayed records and items handed over
 * @param nextSequence one above the highest task sequence in it
 * @param setAside what was set aside or cut off, for the operator
 * @param tailLost whether records that may have been acknowledged are gone with the page cache
 * @param nextSegment number of the next segment
 * @param nextCheckpoint number of the next checkpoint
 * @param bytesSinceCheckpoint length of the log behind the checkpoint, bytes
 */
record Recovered(
        LogEnd end,
        List<OldSegment> segments,
        Optional<FileHandle> checkpoint,
        LogEnd checkpointEnd,
        LogIndex index,
        BodyIndex bodies,
        long recordsReplayed,
        long nextSequence,
        Optional<String> setAside,
        boolean tailLost,
        long nextSegment,
        long nextCheckpoint,
        long bytesSinceCheckpoint) {

    /** A segment that is not written any more, with its first record. */
    record OldSegment(FileHandle file, LogRecord.SegmentOpened opened) {}
}
