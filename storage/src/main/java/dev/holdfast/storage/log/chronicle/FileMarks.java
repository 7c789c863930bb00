package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.PartitionLimits;
import dev.holdfast.storage.directory.SetAside;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.segment.LogMarks;
import java.util.OptionalLong;

/** The small files of a partition as its log sees them. Threads as they say. */
record FileMarks(PartitionLimits limits, HighWaterMark highWater, SetAside aside) implements LogMarks {

    @Override
    public Lsn mark() {
        return highWater.mark();
    }

    @Override
    public void raise(Lsn to) {
        highWater.raise(to);
    }

    @Override
    public void lower(Lsn to) {
        highWater.lowerAndForce(to);
    }

    @Override
    public long previousSession() {
        return limits.previous().session();
    }

    @Override
    public boolean crashed() {
        return limits.crashed();
    }

    @Override
    public boolean pageCacheLost() {
        return limits.pageCacheLost();
    }

    @Override
    public boolean emptied() {
        return aside.isEmptied();
    }

    @Override
    public OptionalLong learnsSince() {
        return aside.learnsSince();
    }

    @Override
    public void noteLearnsSince(long rowVersion) {
        aside.learnsSince(rowVersion);
    }

    @Override
    public void begin() {
        limits.begin();
    }

    @Override
    public void settle() {
        limits.settle();
        aside.madeUpFor();
    }
}
