package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.RecordHandler;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.TaskSpec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the fields of one record after another into an {@link EncodedBatch}. Holds no state of its own. */
final class RecordEncoder implements RecordHandler {

    private final EncodedBatch batch;
    private final FieldWriter fields;

    private @Nullable TaskSpec lastSpec;
    private byte[] lastSpecBytes = new byte[0];

    RecordEncoder(EncodedBatch batch, FieldWriter fields) {
        this.batch = batch;
        this.fields = fields;
    }

    @Override
    public void epochStarted(LogRecord.EpochStarted epoch) {
        // the epoch itself stands in the frame's header
        fields.number(Field.SESSION, epoch.session())
                .number(Field.CAUSE, causeCode(epoch.cause()))
                .numberUnless(Field.NEXT_SEQUENCE, epoch.nextSequence(), 0)
                .number(Field.AT_MILLIS, epoch.atMillis());
        batch.end(RecordType.EPOCH_STARTED, null);
    }

    @Override
    public void submitted(LogRecord.Submitted task) {
        fields.number(Field.SEQUENCE, task.sequence())
                .text(Field.EXECUTOR, task.executor())
                .number(Field.AT_MILLIS, task.atMillis());
        specAsBefore(task.spec());
        request(task.request());
        batch.end(RecordType.SUBMITTED, body(task.payload()));
    }

    @Override
    public void attemptStarted(LogRecord.AttemptStarted attempt) {
        attempt(RecordType.ATTEMPT_STARTED, attempt.sequence(), attempt.attempt(), attempt.atMillis());
    }

    @Override
    public void attemptAbandoned(LogRecord.AttemptAbandoned attempt) {
        attempt(RecordType.ATTEMPT_ABANDONED, attempt.sequence(), attempt.attempt(), attempt.atMillis());
    }

    @Override
    public void completed(LogRecord.Completed task) {
        ended(task.sequence(), task.attempt(), task.startedAtMillis(), task.atMillis());
        fields.text(Field.CODEC, task.codec());
        Body result = task.result();
        batch.end(RecordType.COMPLETED, result == null ? null : body(result));
    }

    @Override
    public void failed(LogRecord.Failed task) {
        ended(task.sequence(), task.attempt(), task.startedAtMillis(), task.atMillis());
        fields.text(Field.FAILURE_CLASS, task.info().className())
                .text(Field.FAILURE_MESSAGE, task.info().message());
        batch.end(RecordType.FAILED, body(task.failure()));
    }

    @Override
    public void cancelled(LogRecord.Cancelled task) {
        removal(RecordType.CANCELLED, task);
    }

    @Override
    public void disposed(LogRecord.Disposed task) {
        removal(RecordType.DISPOSED, task);
    }

    @Override
    public void discarded(LogRecord.Discarded task) {
        removal(RecordType.DISCARDED, task);
    }

    @Override
    public void evicted(LogRecord.Evicted task) {
        removal(RecordType.EVICTED, task);
    }

    @Override
    public void expired(LogRecord.Expired task) {
        removal(RecordType.EXPIRED, task);
    }

    @Override
    public void parked(LogRecord.Parked task) {
        fields.number(Field.SEQUENCE, task.sequence())
                .text(Field.REASON, task.reason())
                .number(Field.AT_MILLIS, task.atMillis());
        batch.end(RecordType.PARKED, null);
    }

    @Override
    public void quarantined(LogRecord.Quarantined task) {
        fields.number(Field.SEQUENCE, task.sequence())
                .number(Field.CRASHES, task.crashes())
                .number(Field.AT_MILLIS, task.atMillis());
        batch.end(RecordType.QUARANTINED, null);
    }

    @Override
    public void retried(LogRecord.Retried task) {
        fields.number(Field.SEQUENCE, task.sequence())
                .text(Field.FINGERPRINT, task.acceptedFingerprint())
                .flag(Field.BY_USER, task.byUser())
                .number(Field.AT_MILLIS, task.atMillis());
        request(task.request());
        batch.end(RecordType.RETRIED, null);
    }

    @Override
    public void executorShutdown(LogRecord.ExecutorShutdown operation) {
        executor(RecordType.EXECUTOR_SHUTDOWN, operation, operation.atMillis());
    }

    @Override
    public void executorReopened(LogRecord.ExecutorReopened operation) {
        executor(RecordType.EXECUTOR_REOPENED, operation, operation.atMillis());
    }

    @Override
    public void executorPaused(LogRecord.ExecutorPaused operation) {
        executor(RecordType.EXECUTOR_PAUSED, operation, operation.atMillis());
    }

    @Override
    public void executorResumed(LogRecord.ExecutorResumed operation) {
        executor(RecordType.EXECUTOR_RESUMED, operation, operation.atMillis());
    }

    @Override
    public void executorDestroyed(LogRecord.ExecutorDestroyed operation) {
        executor(RecordType.EXECUTOR_DESTROYED, operation, operation.atMillis());
    }

    @Override
    public void sequencesLost(LogRecord.SequencesLost lost) {
        fields.number(Field.RANGE_FIRST, lost.range().first())
                .number(Field.RANGE_END, lost.range().endExclusive())
                .number(Field.AT_MILLIS, lost.atMillis());
        batch.end(RecordType.SEQUENCES_LOST, null);
    }

    void segmentOpened(LogRecord.SegmentOpened opened) {
        fields.number(Field.SEGMENT, opened.segment())
                .number(Field.SESSION, opened.session())
                .text(Field.SYNC, opened.sync())
                .number(Field.PREVIOUS_SEGMENT, opened.previousSegment());
        end(fields, opened.acceptedEnd());
        batch.end(RecordType.SEGMENT_OPENED, null);
    }

    void truncated(LogRecord.Truncated truncated) {
        end(fields, truncated.end());
        batch.end(RecordType.TRUNCATED, null);
    }

    /** Where {@code end} is known to be on the medium. */
    void forced(LogEnd end) {
        end(fields, end);
        batch.end(RecordType.FORCED, null);
    }

    static void end(FieldWriter fields, LogEnd end) {
        fields.number(Field.END_LSN, end.lsn().value())
                .number(Field.END_EPOCH, end.epoch().value())
                .number(Field.END_HASH, end.hash());
    }

    /** Tasks of one kind come one after another: what is equal is not encoded again. */
    private void specAsBefore(TaskSpec spec) {
        if (spec.equals(lastSpec)) {
            fields.copyOf(lastSpecBytes);
            return;
        }
        int start = fields.length();
        spec(fields, spec);
        lastSpec = spec;
        lastSpecBytes = fields.bytesFrom(start);
    }

    static void spec(FieldWriter fields, TaskSpec spec) {
        fields.text(Field.CODEC, spec.codec())
                .text(Field.TYPE_NAME, spec.typeName())
                .text(Field.FINGERPRINT, spec.fingerprint())
                .text(Field.LABEL, spec.label())
                .text(Field.KEY, spec.key())
                .text(Field.IDEMPOTENCY_KEY, spec.idempotencyKey())
                .number(Field.MAX_CRASHES, spec.maxCrashes())
                .numberUnless(Field.RESULT_TTL, spec.resultTtlMillis(), TaskSpec.NO_TTL)
                .flag(Field.KEEP_RESULT, spec.keepResult());
    }

    /** On disk; not the ordinal, which moves when somebody sorts the constants. */
    static int causeCode(LogRecord.EpochCause cause) {
        return switch (cause) {
            case FIRST -> 1;
            case CLEAN_START -> 2;
            case CRASH_START -> 3;
            case TAKEOVER -> 4;
            case VISIT -> 5;
        };
    }

    private void attempt(RecordType type, long sequence, int attempt, long atMillis) {
        fields.number(Field.SEQUENCE, sequence).number(Field.ATTEMPT, attempt).number(Field.AT_MILLIS, atMillis);
        batch.end(type, null);
    }

    private void ended(long sequence, int attempt, long startedAtMillis, long atMillis) {
        fields.number(Field.SEQUENCE, sequence)
                .number(Field.ATTEMPT, attempt)
                .number(Field.STARTED_AT, startedAtMillis)
                .number(Field.AT_MILLIS, atMillis);
    }

    private void removal(RecordType type, LogRecord.OfTask removal) {
        fields.number(Field.SEQUENCE, removal.sequence()).number(Field.AT_MILLIS, removal.atMillis());
        request(removal.request());
        batch.end(type, null);
    }

    /** Nothing at all for a local call: its record is what it was before there were others. */
    private void request(@Nullable RequestId request) {
        if (request != null) {
            caller(fields, request.caller());
            fields.number(Field.REQUEST, request.number()).number(Field.LOWEST_UNANSWERED, request.lowestUnanswered());
        }
    }

    static void caller(FieldWriter fields, UUID caller) {
        fields.number(Field.CALLER_HIGH, caller.getMostSignificantBits())
                .number(Field.CALLER_LOW, caller.getLeastSignificantBits());
    }

    private void executor(RecordType type, LogRecord.OfExecutor operation, long atMillis) {
        fields.text(Field.EXECUTOR, operation.executor())
                .number(Field.OPERATION, operation.operation())
                .number(Field.AT_MILLIS, atMillis);
        batch.end(type, null);
    }

    private byte @Nullable [] body(Body body) {
        if (body instanceof Body.Inline inline) {
            fields.number(Field.FIRST_LENGTH, inline.bytes().length);
            return inline.bytes();
        }
        throw new IllegalArgumentException(
                "A record is appended with its bytes, not with a name for them: body=" + body);
    }
}
