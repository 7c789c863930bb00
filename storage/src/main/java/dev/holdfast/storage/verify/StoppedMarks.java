package dev.holdfast.storage.verify;

import dev.holdfast.storage.directory.Limits;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.segment.LogMarks;

/** The marks of a process that is gone, as recovery asks for them. They cannot be moved. */
record StoppedMarks(Limits limits, Lsn mark, String bootId) implements LogMarks {

    @Override
    public long previousSession() {
        return limits.session();
    }

    @Override
    public boolean crashed() {
        return !limits.clean();
    }

    @Override
    public boolean pageCacheLost() {
        return crashed() && !limits.bootId().equals(bootId);
    }

    @Override
    public void raise(Lsn to) {
        throw readOnly();
    }

    @Override
    public void lower(Lsn to) {
        throw readOnly();
    }

    @Override
    public void begin() {
        throw readOnly();
    }

    @Override
    public void settle() {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("The marks of a stopped node are only read");
    }
}
