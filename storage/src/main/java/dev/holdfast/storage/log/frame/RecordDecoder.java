package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.TaskSpec;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes records from their images again. A body over the inline limit comes out as {@link Body.Stored}, exactly as
 * appending it gave. One thread at a time.
 */
public final class RecordDecoder {

    private static final long SPEC_NUMBERS = bits(Field.MAX_CRASHES, Field.RESULT_TTL, Field.KEEP_RESULT);
    private static final long SPEC_TEXTS = bits(
            Field.CODEC - Field.FIRST_TEXT,
            Field.TYPE_NAME - Field.FIRST_TEXT,
            Field.FINGERPRINT - Field.FIRST_TEXT,
            Field.LABEL - Field.FIRST_TEXT,
            Field.KEY - Field.FIRST_TEXT,
            Field.IDEMPOTENCY_KEY - Field.FIRST_TEXT);
    private static final long REQUEST_NUMBERS =
            bits(Field.CALLER_HIGH, Field.CALLER_LOW, Field.REQUEST, Field.LOWEST_UNANSWERED);
    private static final long SUBMITTED_NUMBERS =
            SPEC_NUMBERS | REQUEST_NUMBERS | bits(Field.SEQUENCE, Field.AT_MILLIS, Field.FIRST_LENGTH);
    private static final long SUBMITTED_TEXTS = SPEC_TEXTS | text(Field.EXECUTOR);
    private static final long ATTEMPT_NUMBERS = bits(Field.SEQUENCE, Field.ATTEMPT, Field.AT_MILLIS);
    private static final long ENDED_NUMBERS = ATTEMPT_NUMBERS | bits(Field.STARTED_AT, Field.FIRST_LENGTH);
    private static final long REMOVAL_NUMBERS = bits(Field.SEQUENCE, Field.AT_MILLIS);
    private static final long END_NUMBERS = bits(Field.END_LSN, Field.END_EPOCH, Field.END_HASH);

    private final FieldValues values = new FieldValues();
    private final long inlineLimit;
    private final SpecCache specs = new SpecCache();

    /** @param inlineLimit length in bytes over which a body stays in the log */
    public RecordDecoder(long inlineLimit) {
        this.inlineLimit = inlineLimit;
    }

    /**
     * The record of an image of a replicated type.
     *
     * @throws UnreadableRecordException its bytes are whole, but this version does not understand them
     */
    public LogRecord.Replicated decode(RecordImage image) {
        try {
            image.readFields(values);
            return decodeFields(image);
        } catch (RuntimeException e) {
            throw new UnreadableRecordException(image, String.valueOf(e.getMessage()), e);
        }
    }

    /** The record of an image of type {@link RecordType#SEGMENT_OPENED}; what it throws is as for {@link #decode}. */
    public LogRecord.SegmentOpened decodeSegmentOpened(RecordImage image) {
        try {
            image.readFields(values);
            values.allow(END_NUMBERS | bits(Field.SEGMENT, Field.SESSION, Field.PREVIOUS_SEGMENT), text(Field.SYNC));
            return new LogRecord.SegmentOpened(
                    values.number(Field.SEGMENT),
                    values.number(Field.SESSION),
                    values.required(Field.SYNC),
                    values.number(Field.PREVIOUS_SEGMENT),
                    end(values));
        } catch (RuntimeException e) {
            throw new UnreadableRecordException(image, String.valueOf(e.getMessage()), e);
        }
    }

    /** The record of an image of type {@link RecordType#TRUNCATED}; what it throws is as for {@link #decode}. */
    public LogRecord.Truncated decodeTruncated(RecordImage image) {
        return new LogRecord.Truncated(decodeForced(image));
    }

    /** The position in an image of type {@link RecordType#FORCED}; what it throws is as for {@link #decode}. */
    public LogEnd decodeForced(RecordImage image) {
        try {
            image.readFields(values);
            values.allow(END_NUMBERS, 0);
            return end(values);
        } catch (RuntimeException e) {
            throw new UnreadableRecordException(image, String.valueOf(e.getMessage()), e);
        }
    }

    static LogEnd end(FieldValues values) {
        return new LogEnd(
                new Lsn(values.number(Field.END_LSN)),
                new Epoch(values.number(Field.END_EPOCH)),
                values.number(Field.END_HASH));
    }

    static long bits(int... fields) {
        long mask = 0;
        for (int field : fields) {
            mask |= 1L << field;
        }
        return mask;
    }

    static long text(int field) {
        return 1L << (field - Field.FIRST_TEXT);
    }

    static TaskSpec spec(FieldValues values, SpecCache specs) {
        return specs.shared(new TaskSpec(
                values.required(Field.CODEC),
                values.required(Field.TYPE_NAME),
                values.text(Field.FINGERPRINT),
                values.text(Field.LABEL),
                values.text(Field.KEY),
                values.text(Field.IDEMPOTENCY_KEY),
                values.smallNumber(Field.MAX_CRASHES),
                values.number(Field.RESULT_TTL, TaskSpec.NO_TTL),
                values.flag(Field.KEEP_RESULT)));
    }

    static final long SPEC_NUMBER_MASK = SPEC_NUMBERS;
    static final long SPEC_TEXT_MASK = SPEC_TEXTS;

    private LogRecord.Replicated decodeFields(RecordImage image) {
        return switch (image.type()) {
            case EPOCH_STARTED -> epochStarted(image);
            case SUBMITTED -> submitted(image);
            case ATTEMPT_STARTED -> {
                values.allow(ATTEMPT_NUMBERS, 0);
                yield new LogRecord.AttemptStarted(sequence(), values.smallNumber(Field.ATTEMPT), atMillis());
            }
            case ATTEMPT_ABANDONED -> {
                values.allow(ATTEMPT_NUMBERS, 0);
                yield new LogRecord.AttemptAbandoned(sequence(), values.smallNumber(Field.ATTEMPT), atMillis());
            }
            case COMPLETED -> completed(image);
            case FAILED -> failed(image);
            case CANCELLED, DISPOSED, DISCARDED -> byCaller(image.type());
            case EVICTED -> {
                values.allow(REMOVAL_NUMBERS, 0);
                yield new LogRecord.Evicted(sequence(), atMillis());
            }
            case EXPIRED -> {
                values.allow(REMOVAL_NUMBERS, 0);
                yield new LogRecord.Expired(sequence(), atMillis());
            }
            case PARKED -> {
                values.allow(REMOVAL_NUMBERS, text(Field.REASON));
                yield new LogRecord.Parked(sequence(), values.required(Field.REASON), atMillis());
            }
            case QUARANTINED -> {
                values.allow(REMOVAL_NUMBERS | bits(Field.CRASHES), 0);
                yield new LogRecord.Quarantined(sequence(), values.smallNumber(Field.CRASHES), atMillis());
            }
            case RETRIED -> {
                values.allow(REMOVAL_NUMBERS | REQUEST_NUMBERS | bits(Field.BY_USER), text(Field.FINGERPRINT));
                yield new LogRecord.Retried(
                        sequence(), values.text(Field.FINGERPRINT), values.flag(Field.BY_USER), atMillis(), request());
            }
            case EXECUTOR_SHUTDOWN, EXECUTOR_REOPENED, EXECUTOR_PAUSED, EXECUTOR_RESUMED, EXECUTOR_DESTROYED ->
                ofExecutor(image.type());
            case SEQUENCES_LOST -> {
                values.allow(bits(Field.RANGE_FIRST, Field.RANGE_END, Field.AT_MILLIS), 0);
                yield new LogRecord.SequencesLost(range(values), atMillis());
            }
            default -> throw new IllegalStateException("Not a replicated record: type=" + image.type());
        };
    }

    static SequenceRange range(FieldValues values) {
        return new SequenceRange(values.number(Field.RANGE_FIRST), values.number(Field.RANGE_END));
    }

    private LogRecord.Replicated epochStarted(RecordImage image) {
        values.allow(bits(Field.SESSION, Field.CAUSE, Field.NEXT_SEQUENCE, Field.AT_MILLIS), 0);
        LogRecord.EpochCause cause = switch (values.smallNumber(Field.CAUSE)) {
            case 1 -> LogRecord.EpochCause.FIRST;
            case 2 -> LogRecord.EpochCause.CLEAN_START;
            case 3 -> LogRecord.EpochCause.CRASH_START;
            case 4 -> LogRecord.EpochCause.TAKEOVER;
            case 5 -> LogRecord.EpochCause.VISIT;
            default -> throw new IllegalStateException("Unknown cause: cause=" + values.number(Field.CAUSE));
        };
        return new LogRecord.EpochStarted(
                new Epoch(image.epoch()),
                values.number(Field.SESSION),
                cause,
                values.number(Field.NEXT_SEQUENCE),
                atMillis());
    }

    private LogRecord.Replicated submitted(RecordImage image) {
        values.allow(SUBMITTED_NUMBERS, SUBMITTED_TEXTS);
        return new LogRecord.Submitted(
                sequence(),
                values.required(Field.EXECUTOR),
                atMillis(),
                spec(values, specs),
                requiredBody(image),
                request());
    }

    private LogRecord.Replicated completed(RecordImage image) {
        values.allow(ENDED_NUMBERS, text(Field.CODEC));
        return new LogRecord.Completed(
                sequence(),
                values.smallNumber(Field.ATTEMPT),
                values.number(Field.STARTED_AT),
                atMillis(),
                values.required(Field.CODEC),
                body(image));
    }

    private LogRecord.Replicated failed(RecordImage image) {
        values.allow(ENDED_NUMBERS, text(Field.FAILURE_CLASS) | text(Field.FAILURE_MESSAGE));
        return new LogRecord.Failed(
                sequence(),
                values.smallNumber(Field.ATTEMPT),
                values.number(Field.STARTED_AT),
                atMillis(),
                new FailureInfo(values.required(Field.FAILURE_CLASS), values.text(Field.FAILURE_MESSAGE)),
                requiredBody(image));
    }

    private LogRecord.Replicated byCaller(RecordType type) {
        values.allow(REMOVAL_NUMBERS | REQUEST_NUMBERS, 0);
        return switch (type) {
            case CANCELLED -> new LogRecord.Cancelled(sequence(), atMillis(), request());
            case DISPOSED -> new LogRecord.Disposed(sequence(), atMillis(), request());
            default -> new LogRecord.Discarded(sequence(), atMillis(), request());
        };
    }

    private @Nullable RequestId request() {
        if (!values.hasAny(REQUEST_NUMBERS)) {
            return null;
        }
        return new RequestId(caller(values), values.number(Field.REQUEST), values.number(Field.LOWEST_UNANSWERED));
    }

    static UUID caller(FieldValues values) {
        if (!values.has(Field.CALLER_HIGH) || !values.has(Field.CALLER_LOW)) {
            throw new IllegalStateException("A request without its caller");
        }
        return new UUID(values.number(Field.CALLER_HIGH), values.number(Field.CALLER_LOW));
    }

    private LogRecord.Replicated ofExecutor(RecordType type) {
        values.allow(bits(Field.OPERATION, Field.AT_MILLIS), text(Field.EXECUTOR));
        String executor = values.required(Field.EXECUTOR);
        long operation = values.number(Field.OPERATION);
        return switch (type) {
            case EXECUTOR_SHUTDOWN -> new LogRecord.ExecutorShutdown(executor, operation, atMillis());
            case EXECUTOR_REOPENED -> new LogRecord.ExecutorReopened(executor, operation, atMillis());
            case EXECUTOR_PAUSED -> new LogRecord.ExecutorPaused(executor, operation, atMillis());
            case EXECUTOR_RESUMED -> new LogRecord.ExecutorResumed(executor, operation, atMillis());
            default -> new LogRecord.ExecutorDestroyed(executor, operation, atMillis());
        };
    }

    private Body requiredBody(RecordImage image) {
        return Objects.requireNonNull(body(image), "the record has no body");
    }

    private @Nullable Body body(RecordImage image) {
        if (!values.has(Field.FIRST_LENGTH)) {
            return null;
        }
        int length = values.smallNumber(Field.FIRST_LENGTH);
        return length > inlineLimit
                ? new Body.Stored(new Lsn(image.position()), length, image.crc(0, length))
                : new Body.Inline(image.copy(0, length));
    }

    private long sequence() {
        return values.number(Field.SEQUENCE);
    }

    private long atMillis() {
        return values.number(Field.AT_MILLIS);
    }
}
