package dev.holdfast.storage.log;

/**
 * The opaque bytes of a task, a result or a failure. Small ones travel in memory; those over the inline limit stay in the
 * log, and what is held in memory only names them ({@link PartitionLog#read}).
 */
public sealed interface Body permits Body.Inline, Body.Stored, Body.Elsewhere {

    /** Length in bytes of the whole body. */
    int length();

    /** Bytes in memory. The array is not copied and must not be changed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared by value; a copy per record would cost what it saves
    record Inline(byte[] bytes) implements Body {
        @Override
        public int length() {
            return bytes.length;
        }
    }

    /** A body that the log holds with the record at {@code lsn}; {@code crc} is the CRC32C of its bytes. */
    record Stored(Lsn lsn, int length, int crc) implements Body {}

    /** Bytes that another node holds, of which only the length was told here; never in a log. */
    record Elsewhere(int length) implements Body {}
}
