package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.FrameFile;
import dev.holdfast.storage.log.frame.FrameSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where one partition's segments and checkpoints are kept, each by a number of its own. Whatever makes or renames
 * something returns when the names are on the medium. One thread at a time, but {@link #usableBytes} and {@link
 * #createSegment}.
 */
public interface PartitionStore {

    PartitionId partition();

    /** For messages. */
    Path path();

    /**
     * What is there, numbers ascending.
     *
     * @param checkpoints published ones only
     */
    record Contents(List<Long> segments, List<Long> checkpoints) {}

    Contents contents() throws IOException;

    /**
     * Makes an empty segment.
     *
     * @throws NoSpaceException the disk is full; nothing is left of it
     */
    SegmentFile createSegment(long number) throws IOException;

    FrameSource openSegment(long number) throws IOException;

    /** Forces a segment that an earlier incarnation wrote, and the names that lead to it. */
    void forceSegment(long number) throws IOException;

    void deleteSegment(long number) throws IOException;

    /** Moves a segment out of the way, for people to look at. Returns where to. */
    Path setAsideSegment(long number) throws IOException;

    /** Copies what a segment has from {@code offset} on out of the way. Returns where to. */
    Path setAsideTail(long number, long offset) throws IOException;

    /**
     * Begins a checkpoint under a name that no reader looks at.
     *
     * @throws NoSpaceException on append and force too: the disk is full
     */
    CheckpointFile createCheckpoint(long number) throws IOException;

    /** Opens one that is written and not yet published. */
    FrameSource openUnpublished(long number) throws IOException;

    /** Gives a written and forced checkpoint its name. */
    void publishCheckpoint(long number) throws IOException;

    FrameSource openCheckpoint(long number) throws IOException;

    void deleteCheckpoint(long number) throws IOException;

    /** Removes what unfinished checkpoints left behind. */
    void discardUnpublished() throws IOException;

    /**
     * Writes a piece of another replica's checkpoint to a place of its own; one at offset 0 drops what is there.
     *
     * @throws NoSpaceException the disk is full
     * @throws IllegalArgumentException it does not follow on what is there
     */
    void writeIncoming(long offset, byte[] bytes) throws IOException;

    /** Opens what {@link #writeIncoming} wrote. */
    FrameSource openIncoming() throws IOException;

    /** Removes it. */
    void discardIncoming() throws IOException;

    /** Free bytes of the medium; may be a moment old. Any thread. */
    long usableBytes();

    /** Free bytes without which {@link #createSegment} refuses. Any thread. */
    default long bytesToMakeSegment() {
        return 0;
    }

    /** A checkpoint that is being written. */
    interface CheckpointFile extends FrameFile, AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
