package dev.holdfast.storage.log;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Records and items of every type, made from a seed. */
public final class Samples {

    private Samples() {}

    public static TaskSpec spec() {
        return new TaskSpec("java", "com.acme.HashFile", null, null, null, null, 3, TaskSpec.NO_TTL, true);
    }

    public static TaskSpec fullSpec() {
        return new TaskSpec("java", "com.acme.Größe", "f00d", "läbel", "k\u0000ey", "once-1", 1, 60_000, false);
    }

    public static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    public static LogRecord.Submitted submitted(long sequence, int payloadLength) {
        return new LogRecord.Submitted(
                sequence,
                "reports",
                1_700_000_000_000L + sequence,
                spec(),
                new Body.Inline(bytes(payloadLength, sequence)));
    }

    public static LogRecord.EpochStarted epochStarted(long epoch) {
        return new LogRecord.EpochStarted(new Epoch(epoch), epoch, LogRecord.EpochCause.CRASH_START, 1);
    }

    /** {@code count} submissions from {@code first} on, of 0 to {@code maxLength} bytes. */
    public static List<LogRecord.Replicated> submissions(long first, int count, int maxLength, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<LogRecord.Replicated> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(submitted(first + i, random.nextInt(maxLength + 1)));
        }
        return records;
    }

    /** Text that is equal exactly where the records or items are, arrays included. */
    public static List<String> describe(List<?> values) {
        return values.stream().map(Samples::describe).toList();
    }

    private static String describe(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes, hash " + Arrays.hashCode(bytes);
        }
        if (value instanceof long[] longs) {
            return Arrays.toString(longs);
        }
        if (value == null || !value.getClass().isRecord()) {
            return String.valueOf(value);
        }
        StringBuilder text = new StringBuilder(value.getClass().getSimpleName()).append('[');
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                text.append(component.getName())
                        .append('=')
                        .append(describe(component.getAccessor().invoke(value)))
                        .append(", ");
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return text.append(']').toString();
    }

    /** One of every type, with and without what may be missing. */
    public static List<LogRecord.Replicated> everyRecord(Epoch epoch) {
        List<LogRecord.Replicated> records = new ArrayList<>(recordsOfLocalCalls(epoch));
        records.addAll(recordsOfRemoteCalls());
        return records;
    }

    /** One of every type that a remote call can cause. */
    public static List<LogRecord.Replicated> recordsOfRemoteCalls() {
        RequestId first = new RequestId(new UUID(0, 0), 1, 1);
        RequestId later = new RequestId(new UUID(Long.MIN_VALUE, -7), Long.MAX_VALUE, 1L << 40);
        return List.of(
                new LogRecord.Submitted(1, "a", 11, fullSpec(), new Body.Inline(bytes(30, 9)), first),
                new LogRecord.Submitted(2, "a", 11, spec(), new Body.Inline(bytes(0, 10)), later),
                new LogRecord.Cancelled(1, 16, first),
                new LogRecord.Disposed(1, 17, later),
                new LogRecord.Discarded(1, 17, first),
                new LogRecord.Retried(1, "beef", true, 22, later),
                new LogRecord.Retried(1, null, true, 23, first));
    }

    public static List<LogRecord.Replicated> recordsOfLocalCalls(Epoch epoch) {
        Body.Inline body = new Body.Inline(bytes(300, 7));
        FailureInfo noMessage = new FailureInfo("java.lang.StackOverflowError", null);
        return List.of(
                new LogRecord.EpochStarted(epoch, 3, LogRecord.EpochCause.FIRST, 10),
                new LogRecord.EpochStarted(epoch, 3, LogRecord.EpochCause.CLEAN_START, 10),
                new LogRecord.EpochStarted(epoch, 3, LogRecord.EpochCause.CRASH_START, 10),
                new LogRecord.EpochStarted(epoch, 3, LogRecord.EpochCause.TAKEOVER, 10),
                new LogRecord.Submitted(1, "a", 11, fullSpec(), body),
                new LogRecord.Submitted(TaskId.MAX_SEQUENCE, "", Long.MAX_VALUE, spec(), new Body.Inline(new byte[0])),
                new LogRecord.AttemptStarted(1, 2, 12),
                new LogRecord.AttemptAbandoned(1, 2, 13),
                new LogRecord.Completed(1, 2, 12, 14, "java", body),
                new LogRecord.Completed(1, 2, 12, 14, "java", null),
                new LogRecord.Failed(1, 1, 0, 15, new FailureInfo("java.io.IOException", "gone \uD83D\uDE00"), body),
                new LogRecord.Failed(1, 1, 0, 15, noMessage, body),
                new LogRecord.Cancelled(1, 16),
                new LogRecord.Disposed(1, 17),
                new LogRecord.Discarded(1, 17),
                new LogRecord.Evicted(1, 18),
                new LogRecord.Expired(1, 19),
                new LogRecord.Parked(1, "class changed", 20),
                new LogRecord.Quarantined(1, 3, 21),
                new LogRecord.Retried(1, "beef", true, 22),
                new LogRecord.Retried(1, null, false, 23),
                new LogRecord.ExecutorShutdown("a", 1, 24),
                new LogRecord.ExecutorReopened("a", 2, 25),
                new LogRecord.ExecutorPaused("a", 3, 26),
                new LogRecord.ExecutorResumed("a", 4, 27),
                new LogRecord.ExecutorDestroyed("a", 5, -28),
                new LogRecord.SequencesLost(new SequenceRange(5, 65_541), 29));
    }

    /** One of every item, with and without what may be missing. */
    public static List<SnapshotItem> everyItem() {
        List<SnapshotItem> items = new ArrayList<>(itemsWithoutCallers());
        items.addAll(callers());
        return items;
    }

    public static List<SnapshotItem> callers() {
        List<SnapshotItem.Call> calls = new ArrayList<>();
        for (SnapshotItem.Caused caused : SnapshotItem.Caused.values()) {
            calls.add(new SnapshotItem.Call(7 + 1_000_000L * calls.size(), caused, TaskId.MAX_SEQUENCE - calls.size()));
        }
        return List.of(
                new SnapshotItem.Caller(new UUID(3, -4), 7, 1_700_000_000_000L, calls),
                new SnapshotItem.Caller(new UUID(-1, 0), Long.MAX_VALUE, -1, List.of()));
    }

    public static List<SnapshotItem> itemsWithoutCallers() {
        Body.Inline body = new Body.Inline(bytes(100, 8));
        SnapshotItem.Counters counters = new SnapshotItem.Counters(1, 2, 3, 4, 5, 6, 7, Long.MAX_VALUE);
        List<SnapshotItem> items = new ArrayList<>();
        items.add(new SnapshotItem.OfPartition(new Epoch(4), 9, 77));
        items.add(new SnapshotItem.Lost(new SequenceRange(2, 3)));
        items.add(new SnapshotItem.OfExecutor("a", 5, true, false, true, 12, counters));
        items.add(new SnapshotItem.OfExecutor("b", 0, false, true, false, 0, SnapshotItem.Counters.ZERO));
        for (SnapshotItem.State state : SnapshotItem.State.values()) {
            items.add(new SnapshotItem.OfTask(
                    10, "a", 1, fullSpec(), body, state, 2, true, 1, true, 3, 4, "held", "java", null, body));
        }
        items.add(new SnapshotItem.OfTask(
                11,
                "b",
                1,
                spec(),
                null,
                SnapshotItem.State.FAILED,
                0,
                false,
                0,
                false,
                0,
                0,
                null,
                null,
                new FailureInfo("java.lang.Error", null),
                body));
        items.add(new SnapshotItem.Tombstones("a", new long[] {1, 2, 500}, SnapshotItem.Removal.DISPOSED));
        items.add(new SnapshotItem.Tombstones("b", new long[0], SnapshotItem.Removal.EVICTED));
        items.add(new SnapshotItem.Key("a", "once", 10, 99));
        return items;
    }
}
