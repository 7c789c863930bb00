package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.SnapshotItem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the items of a checkpoint from their images again, bodies in the form they had. One thread at a time. */
public final class SnapshotDecoder {

    private static final long TASK_NUMBERS = RecordDecoder.SPEC_NUMBER_MASK
            | RecordDecoder.bits(
                    Field.SEQUENCE,
                    Field.AT_MILLIS,
                    Field.STATE,
                    Field.ATTEMPT,
                    Field.FLAGS,
                    Field.CRASHES,
                    Field.STARTED_AT,
                    Field.FINISHED_AT,
                    Field.FIRST_LENGTH,
                    Field.FIRST_LSN,
                    Field.SECOND_LENGTH,
                    Field.SECOND_LSN);
    private static final long TASK_TEXTS = RecordDecoder.SPEC_TEXT_MASK
            | RecordDecoder.text(Field.EXECUTOR)
            | RecordDecoder.text(Field.REASON)
            | RecordDecoder.text(Field.RESULT_CODEC)
            | RecordDecoder.text(Field.FAILURE_CLASS)
            | RecordDecoder.text(Field.FAILURE_MESSAGE);
    private static final long EXECUTOR_NUMBERS = RecordDecoder.bits(
            Field.OPERATION,
            Field.FLAGS,
            Field.OLDEST_TOMBSTONE,
            Field.COMPLETED,
            Field.FAILED,
            Field.CANCELLED,
            Field.RECOVERED,
            Field.EVICTED,
            Field.QUARANTINED,
            Field.PARKED,
            Field.RETRIED);

    private final FieldValues values = new FieldValues();
    private final SpecCache specs = new SpecCache();

    /**
     * What a checkpoint begins with.
     *
     * @param at the end of the log that the items describe
     * @param session of the process that wrote it
     * @param firstSegment the oldest segment that is still needed with it
     */
    public record Begin(LogEnd at, long session, long firstSegment) {}

    /** @throws UnreadableRecordException its bytes are whole, but this version does not understand them */
    public SnapshotItem decode(RecordImage image) {
        try {
            image.readFields(values);
            return item(image);
        } catch (RuntimeException e) {
            throw new UnreadableRecordException(image, String.valueOf(e.getMessage()), e);
        }
    }

    /** The record of an image of type {@link RecordType#CHECKPOINT_BEGIN}. */
    public Begin decodeBegin(RecordImage image) {
        try {
            image.readFields(values);
            return new Begin(RecordDecoder.end(values), values.number(Field.SESSION), values.number(Field.SEGMENT));
        } catch (RuntimeException e) {
            throw new UnreadableRecordException(image, String.valueOf(e.getMessage()), e);
        }
    }

    /** The count in an image of type {@link RecordType#CHECKPOINT_END}. */
    public long decodeEnd(RecordImage image) {
        try {
            image.readFields(values);
            return values.number(Field.COUNT);
        } catch (RuntimeException e) {
            throw new UnreadableRecordException(image, String.valueOf(e.getMessage()), e);
        }
    }

    private SnapshotItem item(RecordImage image) {
        return switch (image.type()) {
            case ITEM_TASK -> task(image);
            case ITEM_EXECUTOR -> executor();
            case ITEM_PARTITION -> {
                values.allow(RecordDecoder.bits(Field.EPOCH, Field.SESSION, Field.NEXT_SEQUENCE), 0);
                yield new SnapshotItem.OfPartition(
                        new Epoch(values.number(Field.EPOCH)),
                        values.number(Field.SESSION),
                        values.number(Field.NEXT_SEQUENCE));
            }
            case ITEM_LOST -> {
                values.allow(RecordDecoder.bits(Field.RANGE_FIRST, Field.RANGE_END), 0);
                yield new SnapshotItem.Lost(RecordDecoder.range(values));
            }
            case ITEM_TOMBSTONES -> tombstones(image);
            case ITEM_KEY -> {
                values.allow(
                        RecordDecoder.bits(Field.SEQUENCE, Field.AT_MILLIS),
                        RecordDecoder.text(Field.EXECUTOR) | RecordDecoder.text(Field.IDEMPOTENCY_KEY));
                yield new SnapshotItem.Key(
                        values.required(Field.EXECUTOR),
                        values.required(Field.IDEMPOTENCY_KEY),
                        values.number(Field.SEQUENCE),
                        values.number(Field.AT_MILLIS));
            }
            case ITEM_CALLER -> caller(image);
            default -> throw new IllegalStateException("Not an item: type=" + image.type());
        };
    }

    private SnapshotItem task(RecordImage image) {
        values.allow(TASK_NUMBERS, TASK_TEXTS);
        long flags = values.number(Field.FLAGS);
        String failureClass = values.text(Field.FAILURE_CLASS);
        int payloadLength = values.smallNumber(Field.FIRST_LENGTH);
        return new SnapshotItem.OfTask(
                values.number(Field.SEQUENCE),
                values.required(Field.EXECUTOR),
                values.number(Field.AT_MILLIS),
                RecordDecoder.spec(values, specs),
                body(image, Field.FIRST_LENGTH, Field.FIRST_LSN, 0),
                state(values.smallNumber(Field.STATE)),
                values.smallNumber(Field.ATTEMPT),
                (flags & SnapshotEncoder.FLAG_ATTEMPT_OPEN) != 0,
                values.smallNumber(Field.CRASHES),
                (flags & SnapshotEncoder.FLAG_DISPOSE_AT_END) != 0,
                values.number(Field.STARTED_AT),
                values.number(Field.FINISHED_AT),
                values.text(Field.REASON),
                values.text(Field.RESULT_CODEC),
                failureClass == null ? null : new FailureInfo(failureClass, values.text(Field.FAILURE_MESSAGE)),
                body(image, Field.SECOND_LENGTH, Field.SECOND_LSN, payloadLength));
    }

    private @Nullable Body body(RecordImage image, int lengthField, int lsnField, int skip) {
        if (!values.has(lengthField)) {
            return null;
        }
        int length = values.smallNumber(lengthField);
        return values.has(lsnField)
                ? new Body.Stored(new Lsn(values.number(lsnField)), length, image.crc(skip, length))
                : new Body.Inline(image.copy(skip, length));
    }

    private SnapshotItem executor() {
        values.allow(EXECUTOR_NUMBERS, RecordDecoder.text(Field.EXECUTOR));
        long flags = values.number(Field.FLAGS);
        return new SnapshotItem.OfExecutor(
                values.required(Field.EXECUTOR),
                values.number(Field.OPERATION),
                (flags & SnapshotEncoder.FLAG_SHUTDOWN) != 0,
                (flags & SnapshotEncoder.FLAG_PAUSED) != 0,
                (flags & SnapshotEncoder.FLAG_EVICTED_EVER) != 0,
                values.number(Field.OLDEST_TOMBSTONE),
                new SnapshotItem.Counters(
                        values.number(Field.COMPLETED),
                        values.number(Field.FAILED),
                        values.number(Field.CANCELLED),
                        values.number(Field.RECOVERED),
                        values.number(Field.EVICTED),
                        values.number(Field.QUARANTINED),
                        values.number(Field.PARKED),
                        values.number(Field.RETRIED)));
    }

    private SnapshotItem tombstones(RecordImage image) {
        values.allow(RecordDecoder.bits(Field.STATE, Field.FIRST_LENGTH), RecordDecoder.text(Field.EXECUTOR));
        byte[] packed = image.copy(0, values.smallNumber(Field.FIRST_LENGTH));
        long[] sequences = new long[packed.length / 8];
        ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(sequences);
        SnapshotItem.Removal removal = switch (values.smallNumber(Field.STATE)) {
            case 1 -> SnapshotItem.Removal.DISPOSED;
            case 2 -> SnapshotItem.Removal.EVICTED;
            default -> throw new IllegalStateException("Unknown removal: state=" + values.number(Field.STATE));
        };
        return new SnapshotItem.Tombstones(values.required(Field.EXECUTOR), sequences, removal);
    }

    private SnapshotItem caller(RecordImage image) {
        values.allow(
                RecordDecoder.bits(
                        Field.CALLER_HIGH,
                        Field.CALLER_LOW,
                        Field.LOWEST_UNANSWERED,
                        Field.AT_MILLIS,
                        Field.FIRST_LENGTH),
                0);
        ByteBuffer packed = ByteBuffer.wrap(image.copy(0, values.smallNumber(Field.FIRST_LENGTH)))
                .order(ByteOrder.LITTLE_ENDIAN);
        List<SnapshotItem.Call> calls = new ArrayList<>(packed.remaining() / SnapshotEncoder.CALL_BYTES);
        while (packed.hasRemaining()) {
            calls.add(new SnapshotItem.Call(packed.getLong(), caused(packed.get()), packed.getLong()));
        }
        return new SnapshotItem.Caller(
                RecordDecoder.caller(values),
                values.number(Field.LOWEST_UNANSWERED),
                values.number(Field.AT_MILLIS),
                calls);
    }

    private static SnapshotItem.Caused caused(int code) {
        return switch (code) {
            case 1 -> SnapshotItem.Caused.SUBMITTED;
            case 2 -> SnapshotItem.Caused.CANCELLED;
            case 3 -> SnapshotItem.Caused.DISPOSED;
            case 4 -> SnapshotItem.Caused.DISCARDED;
            case 5 -> SnapshotItem.Caused.RETRIED;
            default -> throw new IllegalStateException("Unknown cause of a call's record: caused=" + code);
        };
    }

    private static SnapshotItem.State state(int code) {
        return switch (code) {
            case 1 -> SnapshotItem.State.UNFINISHED;
            case 2 -> SnapshotItem.State.PARKED;
            case 3 -> SnapshotItem.State.QUARANTINED;
            case 4 -> SnapshotItem.State.COMPLETED;
            case 5 -> SnapshotItem.State.FAILED;
            case 6 -> SnapshotItem.State.CANCELLED;
            default -> throw new IllegalStateException("Unknown state: state=" + code);
        };
    }
}
