package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One frame: a header of 48 bytes and a body. Little endian.
 *
 * <pre>
 *   0  4  magic "HFLR"
 *   4  4  CRC32C over everything from offset 16 to the end of the body
 *   8  8  running hash up to and including this frame; 0 in a local one
 *  16  1  format version
 *  17  1  type ({@link RecordType})
 *  18  2  partition
 *  20  4  length of the body
 *  24  4  length of the body's Wire part; what follows it are the user's bytes
 *  28  4  0
 *  32  8  epoch; in a local frame the number of its segment, in a checkpoint the number of the checkpoint
 *  40  8  log sequence number; in a local frame and in a checkpoint the ordinal
 *  48     body
 * </pre>
 *
 * <p>The position is inside what the CRC covers: a frame that turns up in another place, partition or file is not valid
 * there. A replicated frame names no file: it is equal, byte for byte, on every replica.
 *
 * <p>A frame stands in its file as one document of Chronicle Queue: a little-endian word with the length in its low 30
 * bits, then the frame, then zeros up to a multiple of four.
 */
public final class Frame {

    public static final int MAGIC = 0x524C4648; // "HFLR"
    public static final int FORMAT = 1;
    public static final int HEADER = 48;

    static final int CRC = 4;
    static final int HASH = 8;
    static final int COVERED = 16;
    static final int VERSION = 16;
    static final int TYPE = 17;
    static final int PARTITION = 18;
    static final int BODY_LENGTH = 20;
    static final int WIRE_LENGTH = 24;
    static final int EPOCH = 32;
    static final int POSITION = 40;

    /** Word before a document, and its bits. */
    public static final int DOCUMENT_HEADER = 4;

    static final int NOT_COMPLETE = 0x8000_0000;
    static final int META_DATA = 0x4000_0000;
    static final int LENGTH_MASK = 0x3FFF_FFFF;

    private Frame() {}

    /** Bytes that a frame of {@code length} takes in a file. */
    public static long documentBytes(int length) {
        return DOCUMENT_HEADER + ((length + 3L) & ~3L);
    }

    /** Writes header fields, CRC and hash around a body that is already there. Returns the running hash. */
    static long seal(ByteBuffer buffer, int start, Header header, long previousHash, CRC32C crc) {
        buffer.putInt(start, MAGIC);
        buffer.put(start + VERSION, (byte) FORMAT);
        buffer.put(start + TYPE, (byte) header.type().code());
        buffer.putShort(start + PARTITION, (short) header.partition().value());
        buffer.putInt(start + BODY_LENGTH, header.bodyLength());
        buffer.putInt(start + WIRE_LENGTH, header.wireLength());
        buffer.putInt(start + 28, 0);
        buffer.putLong(start + EPOCH, header.epoch());
        buffer.putLong(start + POSITION, header.position());
        int sum = crcOf(buffer, start, HEADER + header.bodyLength(), crc);
        buffer.putInt(start + CRC, sum);
        boolean hashed = header.type().kind() != RecordType.Kind.LOCAL;
        long hash = hashed ? RunningHash.next(previousHash, sum, header.position(), header.epoch()) : 0;
        buffer.putLong(start + HASH, hash);
        return hash;
    }

    /** CRC32C of a frame of {@code length} bytes at {@code start}. Leaves position and limit as they were. */
    static int crcOf(ByteBuffer buffer, int start, int length, CRC32C crc) {
        int position = buffer.position();
        int limit = buffer.limit();
        crc.reset();
        buffer.limit(start + length).position(start + COVERED);
        crc.update(buffer);
        buffer.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /** The fields of a header; which meaning epoch and position have depends on the type. */
    record Header(RecordType type, PartitionId partition, int bodyLength, int wireLength, long epoch, long position) {}
}
