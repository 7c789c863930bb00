package dev.holdfast.replication.transport.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A frame in a buffer, big endian:
 *
 * <pre>
 *  0  u32  bytes that follow this field: 20 and the body
 *  4  u16  magic, 'HF'
 *  6  u8   layout of the frame, 1
 *  7  u8   type
 *  8  u8   kind of the message; 0 where there is none
 *  9  u8   0
 * 10  u64  correlation: of a request and its answer; else 0
 * 18  u16  low half of the CRC32C of bytes 0 to 17
 * 20  u32  CRC32C of bytes 0 to 19 and the body
 * 24       body
 * </pre>
 *
 * <p>The header has a checksum of its own, so that a damaged length is noticed at once and never waited for or believed. The
 * methods take a buffer whose position is the frame's first byte; they leave position and limit as they were.
 */
public final class Frame {

    /** Bytes in front of the body. */
    public static final int HEADER_BYTES = 24;

    private static final int MAGIC = 0x4846;
    private static final int LAYOUT = 1;

    private static final int LENGTH_BYTES = 4;
    private static final int MAGIC_AT = 4;
    private static final int LAYOUT_AT = 6;
    private static final int TYPE_AT = 7;
    private static final int KIND_AT = 8;
    private static final int ZERO_AT = 9;
    private static final int CORRELATION_AT = 10;
    private static final int HEADER_CHECK_AT = 18;
    private static final int CHECK_AT = 20;

    private Frame() {}

    /**
     * Writes header and checksums of a frame whose body is in place and ends at the limit.
     *
     * @param kind from 0 to 255
     */
    public static void seal(ByteBuffer frame, FrameType type, int kind, long correlation) {
        int at = frame.position();
        frame.putInt(at, frame.remaining() - LENGTH_BYTES);
        frame.putShort(at + MAGIC_AT, (short) MAGIC);
        frame.put(at + LAYOUT_AT, (byte) LAYOUT);
        frame.put(at + TYPE_AT, (byte) type.code());
        frame.put(at + KIND_AT, (byte) kind);
        frame.put(at + ZERO_AT, (byte) 0);
        frame.putLong(at + CORRELATION_AT, correlation);
        frame.putShort(at + HEADER_CHECK_AT, (short) headerCheck(frame));
        frame.putInt(at + CHECK_AT, check(frame));
    }

    /**
     * Checks the header, of which all {@value #HEADER_BYTES} bytes have to be there, and nothing else.
     *
     * @param limit of the frame, in bytes, header included
     * @return bytes of the frame, header included; from {@value #HEADER_BYTES} to {@code limit}
     */
    public static int totalBytes(ByteBuffer frame, int limit) throws BadFrameException {
        int at = frame.position();
        int magic = frame.getShort(at + MAGIC_AT) & 0xFFFF;
        if (magic != MAGIC) {
            throw new BadFrameException("Not a frame of Holdfast: magic=0x" + Integer.toHexString(magic)
                    + ", needed 0x4846; something else speaks here, or TLS is used on one side only");
        }
        int found = frame.getShort(at + HEADER_CHECK_AT) & 0xFFFF;
        int expected = headerCheck(frame);
        if (found != expected) {
            throw new BadFrameException("Damaged header of a frame: check=" + found + ", computed=" + expected);
        }
        int layout = frame.get(at + LAYOUT_AT) & 0xFF;
        int zero = frame.get(at + ZERO_AT) & 0xFF;
        if (layout != LAYOUT || zero != 0 || !FrameType.isKnown(frame.get(at + TYPE_AT) & 0xFF)) {
            throw new BadFrameException("Unknown frame: layout=" + layout + ", type=" + (frame.get(at + TYPE_AT) & 0xFF)
                    + ", reserved=" + zero + "; understood is layout " + LAYOUT + "; a newer version may have sent it");
        }
        long total = (frame.getInt(at) & 0xFFFF_FFFFL) + LENGTH_BYTES;
        if (total < HEADER_BYTES || total > limit) {
            throw new BadFrameException("Frame out of its limits: bytes=" + total + ", allowed are " + HEADER_BYTES
                    + " to " + limit + "; before admission it is 64 KiB, then the network.max-frame of who receives");
        }
        return (int) total;
    }

    /** Checks the checksum over all of the frame, which ends at the limit. */
    public static void verify(ByteBuffer frame) throws BadFrameException {
        int found = frame.getInt(frame.position() + CHECK_AT);
        int expected = check(frame);
        if (found != expected) {
            throw new BadFrameException("Damaged frame: bytes=" + frame.remaining() + ", crc="
                    + Integer.toHexString(found) + ", computed=" + Integer.toHexString(expected));
        }
    }

    /** Of a frame that {@link #totalBytes} has accepted. */
    public static FrameType knownType(ByteBuffer frame) {
        return FrameType.ofCode(frame.get(frame.position() + TYPE_AT) & 0xFF).orElseThrow();
    }

    /** From 0 to 255. */
    public static int kind(ByteBuffer frame) {
        return frame.get(frame.position() + KIND_AT) & 0xFF;
    }

    public static long correlation(ByteBuffer frame) {
        return frame.getLong(frame.position() + CORRELATION_AT);
    }

    private static int headerCheck(ByteBuffer frame) {
        return (int) crc(frame, frame.position(), HEADER_CHECK_AT, new CRC32C()) & 0xFFFF;
    }

    private static int check(ByteBuffer frame) {
        CRC32C crc = new CRC32C();
        int at = frame.position();
        crc(frame, at, CHECK_AT, crc);
        return (int) crc(frame, at + HEADER_BYTES, frame.limit() - at - HEADER_BYTES, crc);
    }

    private static long crc(ByteBuffer frame, int from, int bytes, CRC32C crc) {
        int position = frame.position();
        int limit = frame.limit();
        frame.limit(from + bytes).position(from);
        crc.update(frame);
        frame.limit(limit).position(position);
        return crc.getValue();
    }
}
