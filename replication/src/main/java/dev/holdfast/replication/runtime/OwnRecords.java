package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Records;
import dev.holdfast.storage.log.AppendedRun;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that this primary decided. What they are as bytes is known once the log has them; the core asks for their count
 * only then. Under the shell's lock, until they are in the log.
 */
final class OwnRecords implements Records {

    /** About what a record takes besides its body. */
    private static final long RECORD_BYTES = 128;

    private final List<? extends LogRecord.Replicated> records;
    private final long weight;
    private volatile @Nullable AppendedRun appended;

    private OwnRecords(List<? extends LogRecord.Replicated> records, long bodyBytes) {
        this.records = records;
        this.weight = bodyBytes + RECORD_BYTES * records.size();
    }

    static OwnRecords of(List<? extends LogRecord.Replicated> records) {
        long bodyBytes = 0;
        for (LogRecord.Replicated each : records) {
            bodyBytes += bodyBytes(each);
        }
        return new OwnRecords(records, bodyBytes);
    }

    private static long bodyBytes(LogRecord.Replicated replicated) {
        if (replicated instanceof LogRecord.Submitted submitted) {
            return submitted.payload().length();
        }
        if (replicated instanceof LogRecord.Completed completed) {
            Body result = completed.result();
            return result == null ? 0 : result.length();
        }
        return replicated instanceof LogRecord.Failed failed ? failed.failure().length() : 0;
    }

    List<? extends LogRecord.Replicated> records() {
        return records;
    }

    /**
     * Refuses what could never be sent, before it is in a log.
     *
     * @throws IllegalArgumentException one of them is larger than an append may be
     */
    void checkEachFits(int maxRunBytes) {
        for (LogRecord.Replicated each : records) {
            long bytes = bodyBytes(each);
            if (bytes + bytes / 1024 + RECORD_BYTES > maxRunBytes) { // that much for frames, at most
                throw new IllegalArgumentException(
                        "A record larger than other members take: bytes=" + bytes + ", largest append=" + maxRunBytes
                                + "; raise network.max-frame on all members or lower max-payload");
            }
        }
    }

    boolean isAppended() {
        return appended != null;
    }

    void appended(AppendedRun run) {
        appended = run;
    }

    /** As the log has them. */
    AppendedRun appended() {
        AppendedRun run = appended;
        if (run == null) {
            throw new IllegalStateException("Not in the log yet: records=" + records.size());
        }
        return run;
    }

    @Override
    public int count() {
        return Math.toIntExact(appended().run().count());
    }

    @Override
    public long bytes() {
        return weight;
    }
}
