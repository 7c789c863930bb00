package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SnapshotItem;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of records, encoded but not framed: their sizes are known before the first byte goes into the log, so that room
 * is made for all of them or none is written. The user's bytes are not copied. One thread at a time, used again.
 */
public final class EncodedBatch {

    private final FieldWriter fields = new FieldWriter();
    private final RecordEncoder records = new RecordEncoder(this, fields);
    private final SnapshotEncoder items = new SnapshotEncoder(this, fields);

    private RecordType[] types = new RecordType[64];
    private int[] wireEnds = new int[64];
    private @Nullable byte[][] firsts = new @Nullable byte[64][];
    private @Nullable byte[][] seconds = new @Nullable byte[64][];
    private int size;

    public void clear() {
        Arrays.fill(firsts, 0, size, null); // nobody waits for the next batch to let go of a payload
        Arrays.fill(seconds, 0, size, null);
        fields.clear();
        size = 0;
    }

    /** Encodes all or throws and holds what it held before. */
    public void add(List<? extends LogRecord.Replicated> replicated) {
        int sizeBefore = size;
        int lengthBefore = fields.length();
        try {
            for (int i = 0; i < replicated.size(); i++) {
                replicated.get(i).dispatchTo(records);
            }
        } catch (RuntimeException e) {
            size = sizeBefore;
            fields.cutTo(lengthBefore);
            throw e;
        }
    }

    public void add(LogRecord.SegmentOpened opened) {
        records.segmentOpened(opened);
    }

    public void add(LogRecord.Truncated truncated) {
        records.truncated(truncated);
    }

    public void addForced(LogEnd end) {
        records.forced(end);
    }

    /** {@code first} and {@code second} are the bytes of the item's bodies, in the order of its components. */
    public void add(SnapshotItem item, byte @Nullable [] first, byte @Nullable [] second) {
        items.add(item, first, second);
    }

    public void addCheckpointBegin(LogEnd at, long session, long firstSegment) {
        items.begin(at, session, firstSegment);
    }

    public void addCheckpointEnd(long count) {
        items.end(count);
    }

    public int size() {
        return size;
    }

    RecordType type(int index) {
        return types[index];
    }

    int wireLength(int index) {
        return wireEnds[index] - wireStart(index);
    }

    /** Length of the whole body. */
    public int bodyLength(int index) {
        long length = wireLength(index) + (long) length(firsts[index]) + length(seconds[index]);
        return Math.toIntExact(length);
    }

    /** Copies {@code count} bytes of a body, {@code from} its beginning, to {@code target}'s position. */
    void copy(int index, int from, int count, ByteBuffer target) {
        int wireLength = wireLength(index);
        int end = from + count;
        if (from < wireLength) {
            fields.copyTo(target, wireStart(index) + from, Math.min(end, wireLength) - from);
        }
        int firstLength = length(firsts[index]);
        copy(firsts[index], from - wireLength, end - wireLength, target);
        copy(seconds[index], from - wireLength - firstLength, end - wireLength - firstLength, target);
    }

    void end(RecordType type, byte @Nullable [] first) {
        end(type, first, null);
    }

    void end(RecordType type, byte @Nullable [] first, byte @Nullable [] second) {
        if (size == types.length) {
            types = Arrays.copyOf(types, 2 * size);
            wireEnds = Arrays.copyOf(wireEnds, 2 * size);
            firsts = Arrays.copyOf(firsts, 2 * size);
            seconds = Arrays.copyOf(seconds, 2 * size);
        }
        types[size] = type;
        wireEnds[size] = fields.length();
        firsts[size] = first;
        seconds[size] = second;
        size++;
    }

    private int wireStart(int index) {
        return index == 0 ? 0 : wireEnds[index - 1];
    }

    /** Copies what lies between {@code from} and {@code end}, either of which may be outside the array. */
    private static void copy(byte @Nullable [] source, int from, int end, ByteBuffer target) {
        if (source != null) {
            int first = Math.max(0, from);
            int last = Math.min(source.length, end);
            if (first < last) {
                target.put(source, first, last - first);
            }
        }
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
