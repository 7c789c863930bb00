package dev.holdfast.storage.log;

import java.util.List;

/** One partition's log under test, with what tests do to it from outside. One thread. */
public interface LogRig extends AutoCloseable {

    /** Opens the log and replays it; one that is open is killed first. */
    RecoveredLog open(ReplayHandler handler);

    /** Ends the process that has the log open, without closing anything. */
    void kill();

    /** Kills, and makes the next opening believe that the page cache was lost. What is on the disk stays. */
    void loseTrustInPageCache();

    /** Numbers of the segments, oldest first. */
    List<Long> segments();

    /** Numbers of the checkpoints, oldest first. */
    List<Long> checkpoints();

    /** Reads a segment's file whole. Of a killed log only, as everything below. */
    byte[] segmentContent(long number);

    /** Replaces a segment's file. */
    void replaceSegment(long number, byte[] content);

    byte[] checkpointContent(long number);

    void replaceCheckpoint(long number, byte[] content);

    @Override
    void close();
}
