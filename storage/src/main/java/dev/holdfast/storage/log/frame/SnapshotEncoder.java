package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.SnapshotItem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a checkpoint's records into an {@link EncodedBatch}. Holds no state of its own. */
final class SnapshotEncoder {

    static final int CALL_BYTES = Long.BYTES + 1 + Long.BYTES;
    static final int FLAG_SHUTDOWN = 1;
    static final int FLAG_PAUSED = 2;
    static final int FLAG_EVICTED_EVER = 4;
    static final int FLAG_ATTEMPT_OPEN = 8;
    static final int FLAG_DISPOSE_AT_END = 16;

    private final EncodedBatch batch;
    private final FieldWriter fields;

    SnapshotEncoder(EncodedBatch batch, FieldWriter fields) {
        this.batch = batch;
        this.fields = fields;
    }

    void begin(LogEnd at, long session, long firstSegment) {
        RecordEncoder.end(fields, at);
        fields.number(Field.SESSION, session).number(Field.SEGMENT, firstSegment);
        batch.end(RecordType.CHECKPOINT_BEGIN, null);
    }

    void end(long count) {
        fields.number(Field.COUNT, count);
        batch.end(RecordType.CHECKPOINT_END, null);
    }

    void add(SnapshotItem item, byte @Nullable [] first, byte @Nullable [] second) {
        if (item instanceof SnapshotItem.OfTask task) {
            task(task, first, second);
        } else if (item instanceof SnapshotItem.OfPartition partition) {
            fields.number(Field.EPOCH, partition.epoch().value())
                    .number(Field.SESSION, partition.session())
                    .number(Field.NEXT_SEQUENCE, partition.nextSequence());
            batch.end(RecordType.ITEM_PARTITION, null);
        } else if (item instanceof SnapshotItem.Lost lost) {
            fields.number(Field.RANGE_FIRST, lost.range().first())
                    .number(Field.RANGE_END, lost.range().endExclusive());
            batch.end(RecordType.ITEM_LOST, null);
        } else if (item instanceof SnapshotItem.OfExecutor executor) {
            executor(executor);
        } else if (item instanceof SnapshotItem.Tombstones tombstones) {
            tombstones(tombstones);
        } else if (item instanceof SnapshotItem.Key key) {
            fields.text(Field.EXECUTOR, key.executor())
                    .text(Field.IDEMPOTENCY_KEY, key.idempotencyKey())
                    .number(Field.SEQUENCE, key.sequence())
                    .number(Field.AT_MILLIS, key.atMillis());
            batch.end(RecordType.ITEM_KEY, null);
        } else if (item instanceof SnapshotItem.Caller caller) {
            caller(caller);
        } else {
            throw new IllegalArgumentException("Not an item that a checkpoint can hold: item=" + item);
        }
    }

    /** On disk; not the ordinal. */
    static int stateCode(SnapshotItem.State state) {
        return switch (state) {
            case UNFINISHED -> 1;
            case PARKED -> 2;
            case QUARANTINED -> 3;
            case COMPLETED -> 4;
            case FAILED -> 5;
            case CANCELLED -> 6;
        };
    }

    static int removalCode(SnapshotItem.Removal removal) {
        return switch (removal) {
            case DISPOSED -> 1;
            case EVICTED -> 2;
        };
    }

    static int causedCode(SnapshotItem.Caused caused) {
        return switch (caused) {
            case SUBMITTED -> 1;
            case CANCELLED -> 2;
            case DISPOSED -> 3;
            case DISCARDED -> 4;
            case RETRIED -> 5;
        };
    }

    private void task(SnapshotItem.OfTask task, byte @Nullable [] payload, byte @Nullable [] result) {
        fields.number(Field.SEQUENCE, task.sequence())
                .text(Field.EXECUTOR, task.executor())
                .number(Field.AT_MILLIS, task.submittedAtMillis());
        RecordEncoder.spec(fields, task.spec());
        int flags = (task.attemptOpen() ? FLAG_ATTEMPT_OPEN : 0) | (task.disposeAtEnd() ? FLAG_DISPOSE_AT_END : 0);
        fields.number(Field.STATE, stateCode(task.state()))
                .numberUnless(Field.ATTEMPT, task.attempt(), 0)
                .numberUnless(Field.FLAGS, flags, 0)
                .numberUnless(Field.CRASHES, task.crashes(), 0)
                .numberUnless(Field.STARTED_AT, task.startedAtMillis(), 0)
                .numberUnless(Field.FINISHED_AT, task.finishedAtMillis(), 0)
                .text(Field.REASON, task.heldReason())
                .text(Field.RESULT_CODEC, task.resultCodec());
        FailureInfo failure = task.failure();
        if (failure != null) {
            fields.text(Field.FAILURE_CLASS, failure.className()).text(Field.FAILURE_MESSAGE, failure.message());
        }
        body(Field.FIRST_LENGTH, Field.FIRST_LSN, task.payload(), payload);
        body(Field.SECOND_LENGTH, Field.SECOND_LSN, task.result(), result);
        batch.end(RecordType.ITEM_TASK, payload, result);
    }

    private void body(int lengthField, int lsnField, @Nullable Body body, byte @Nullable [] bytes) {
        if ((body == null) != (bytes == null) || (bytes != null && body != null && bytes.length != body.length())) {
            throw new IllegalArgumentException("Not the bytes of this body: body=" + body);
        }
        if (bytes != null) {
            fields.number(lengthField, bytes.length);
        }
        if (body instanceof Body.Stored stored) {
            fields.number(lsnField, stored.lsn().value());
        }
    }

    private void executor(SnapshotItem.OfExecutor executor) {
        int flags = (executor.shutdown() ? FLAG_SHUTDOWN : 0)
                | (executor.paused() ? FLAG_PAUSED : 0)
                | (executor.evictedEver() ? FLAG_EVICTED_EVER : 0);
        SnapshotItem.Counters counters = executor.counters();
        fields.text(Field.EXECUTOR, executor.name())
                .number(Field.OPERATION, executor.operation())
                .numberUnless(Field.FLAGS, flags, 0)
                .number(Field.OLDEST_TOMBSTONE, executor.oldestTombstone())
                .numberUnless(Field.COMPLETED, counters.completed(), 0)
                .numberUnless(Field.FAILED, counters.failed(), 0)
                .numberUnless(Field.CANCELLED, counters.cancelled(), 0)
                .numberUnless(Field.RECOVERED, counters.recovered(), 0)
                .numberUnless(Field.EVICTED, counters.evicted(), 0)
                .numberUnless(Field.QUARANTINED, counters.quarantined(), 0)
                .numberUnless(Field.PARKED, counters.parked(), 0)
                .numberUnless(Field.RETRIED, counters.retried(), 0);
        batch.end(RecordType.ITEM_EXECUTOR, null);
    }

    /** Sequences as eight bytes each, little endian, behind the Wire part. */
    private void tombstones(SnapshotItem.Tombstones tombstones) {
        byte[] packed = new byte[Math.multiplyExact(8, tombstones.sequences().length)];
        ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(tombstones.sequences());
        fields.text(Field.EXECUTOR, tombstones.executor())
                .number(Field.STATE, removalCode(tombstones.removal()))
                .number(Field.FIRST_LENGTH, packed.length);
        batch.end(RecordType.ITEM_TOMBSTONES, packed);
    }

    /** Calls as {@value #CALL_BYTES} bytes each, little endian, behind the Wire part: number, caused, sequence. */
    private void caller(SnapshotItem.Caller caller) {
        ByteBuffer packed = ByteBuffer.allocate(
                        Math.multiplyExact(CALL_BYTES, caller.calls().size()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (SnapshotItem.Call call : caller.calls()) {
            packed.putLong(call.number()).put((byte) causedCode(call.caused())).putLong(call.sequence());
        }
        RecordEncoder.caller(fields, caller.caller());
        fields.number(Field.LOWEST_UNANSWERED, caller.lowestUnanswered())
                .number(Field.AT_MILLIS, caller.atMillis())
                .number(Field.FIRST_LENGTH, packed.capacity());
        batch.end(RecordType.ITEM_CALLER, packed.array());
    }
}
