package dev.holdfast.testkit.mutant;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/** What stands in place of a right call in a {@link Mutant}. Any thread, as what it stands for. */
public final class Lies {

    private static final Map<PartitionLog, Late> LATE = new ConcurrentHashMap<>();
    private static final int CRC = 4;

    /** Of epoch and position, and of the body, from where the checksum begins. */
    private static final int PLACE = 16;

    private static final int BODY = 32;

    private Lies() {}

    private record Late(Epoch epoch, List<? extends LogRecord.Replicated> records) {}

    /** Says that the records are appended, and appends them before the next. */
    @SuppressWarnings("unchecked")
    public static List<LogRecord.Replicated> appendedLate(
            PartitionLog log, Epoch epoch, List<? extends LogRecord.Replicated> records) {
        Late before = LATE.put(log, new Late(epoch, records));
        if (before != null) {
            var unused = log.append(before.epoch(), before.records());
        }
        return (List<LogRecord.Replicated>) records;
    }

    /** One less than it has to be, where there is something already: the number of a file that is there. */
    public static long numberInUse(long first, long second) {
        long highest = Math.max(first, second);
        return highest < 0 ? highest : highest - 1;
    }

    /** Takes the checksum that is in the frame for the right one. */
    public static int crcAsItIs(ByteBuffer buffer, int start, int length, CRC32C crc) {
        return buffer.getInt(start + CRC);
    }

    /** Leaves out where the frame belongs; what is covered begins at the buffer's position. */
    public static void updateWithoutPlace(CRC32C crc, ByteBuffer covered) {
        int start = covered.position();
        crc.update(covered.duplicate().limit(start + PLACE));
        crc.update(covered.duplicate().position(start + BODY));
    }
}
