package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogRecord;
import org.jspecify.annotations.Nullable;

/** The body of those records that have one. */
final class Bodies {

    private Bodies() {}

    static @Nullable Body of(LogRecord.Replicated replicated) {
        if (replicated instanceof LogRecord.Submitted submitted) {
            return submitted.payload();
        }
        if (replicated instanceof LogRecord.Completed completed) {
            return completed.result();
        }
        if (replicated instanceof LogRecord.Failed failed) {
            return failed.failure();
        }
        return null;
    }

    static LogRecord.Replicated with(LogRecord.Replicated replicated, Body body) {
        if (replicated instanceof LogRecord.Submitted submitted) {
            return new LogRecord.Submitted(
                    submitted.sequence(),
                    submitted.executor(),
                    submitted.atMillis(),
                    submitted.spec(),
                    body,
                    submitted.request());
        }
        if (replicated instanceof LogRecord.Completed completed) {
            return new LogRecord.Completed(
                    completed.sequence(),
                    completed.attempt(),
                    completed.startedAtMillis(),
                    completed.atMillis(),
                    completed.codec(),
                    body);
        }
        if (replicated instanceof LogRecord.Failed failed) {
            return new LogRecord.Failed(
                    failed.sequence(),
                    failed.attempt(),
                    failed.startedAtMillis(),
                    failed.atMillis(),
                    failed.info(),
                    body);
        }
        throw new IllegalArgumentException("A record without a body: record=" + replicated);
    }
}
