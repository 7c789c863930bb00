package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.ReplayHandler;
import java.io.IOException;
import java.util.Optional;

/** The log of a process that is gone, read and not changed. One thread; {@link #read} from any. */
public final class StoppedLog implements AutoCloseable {

    private final Recovered recovered;

    private StoppedLog(Recovered recovered) {
        this.recovered = recovered;
    }

    /**
     * Reads the log to its end, as the next opening would, and hands it over.
     *
     * @throws dev.holdfast.storage.log.LogDamagedException it is damaged; the handler has seen a part of it
     */
    public static StoppedLog replay(PartitionStore store, LogMarks marks, long inlineLimit, ReplayHandler handler)
            throws IOException {
        return new StoppedLog(new Recovery(store, marks, inlineLimit, handler, true).run());
    }

    /** Where the next opening would go on. */
    public LogEnd end() {
        return recovered.end();
    }

    public long recordsReplayed() {
        return recovered.recordsReplayed();
    }

    /** What the next opening would cut off or set aside. */
    public Optional<String> setAside() {
        return recovered.setAside();
    }

    /** Whether records that may have been acknowledged are gone with the page cache. */
    public boolean tailLost() {
        return recovered.tailLost();
    }

    /** One above the highest task sequence in it. */
    public long nextSequence() {
        return recovered.nextSequence();
    }

    /** As {@link dev.holdfast.storage.log.PartitionLog#read}. */
    public byte[] read(Body.Stored body) {
        return recovered.bodies().read(body);
    }

    @Override
    public void close() {
        recovered.segments().forEach(segment -> segment.file().retire());
        recovered.checkpoint().ifPresent(FileHandle::retire);
    }
}
