package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.frame.FrameFile;
import dev.holdfast.storage.log.frame.FrameSource;
import java.io.IOException;

/**
 * A segment that this incarnation made and writes. Appends come from one thread at a time; {@link #force}, {@link
 * #allocateAhead}, {@link #writeOut} and reading the source from any.
 */
public interface SegmentFile extends FrameFile {

    long number();

    /** How many bytes of documents are sure to fit in still. */
    long room();

    /** How full it is, from 0 to 1. */
    double filled();

    /**
     * Makes sure that documents of {@code bytes} can be appended without a full disk in between.
     *
     * @throws NoSpaceException they can not; nothing was changed
     */
    void reserve(long bytes) throws IOException;

    /** Whether {@link #allocateAhead} has something to do. */
    boolean wantsAllocation();

    /** Takes the next bytes from the disk before the writer needs them. A full disk is no error here. */
    void allocateAhead() throws IOException;

    /** Whether {@link #writeOut} is worth while. */
    boolean wantsWriteOut();

    /**
     * Has what was written go to the medium before somebody waits for a force, which is then a short one. Changes nothing that anybody can
     * see, and nothing may be concluded from it.
     *
     * @throws IOException the medium failed: the log can not be relied on any more
     */
    void writeOut() throws IOException;

    /** To read from, while it is written and after. Closed by {@link #seal}'s caller, not by it. */
    FrameSource source();

    /** Ends writing; gives back what was taken ahead. Idempotent. */
    void seal() throws IOException;
}
