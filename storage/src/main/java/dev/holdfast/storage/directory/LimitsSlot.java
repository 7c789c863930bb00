package dev.holdfast.storage.directory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One copy of the limits, with a generation that grows by one per write. Little endian:
 *
 * <pre>
 *   0  8  magic "HFLIMITS"
 *   8  4  format version, 1
 *  12  4  owner: number of the partition, -1 for the node
 *  16  8  generation, from 1
 *  24  8  session
 *  32  8  reserved end of the task sequence, exclusive
 *  40  4  1: closed in order, 0: not
 *  44  4  length n of the boot id, 1 to 256
 *  48  n  boot id, UTF-8; zeros up to 508
 * 508  4  CRC32C of bytes 0 to 507
 * </pre>
 */
record LimitsSlot(long generation, Limits limits) {

    static final int BYTES = 512;
    static final int FORMAT = 1;

    private static final long MAGIC = magic("HFLIMITS");
    private static final int CRC_OFFSET = BYTES - Integer.BYTES;
    private static final int BOOT_ID_OFFSET = 48;

    static long magic(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    ByteBuffer encode(int owner) {
        byte[] bootId = limits.bootId().getBytes(StandardCharsets.UTF_8);
        ByteBuffer slot = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        slot.putLong(MAGIC).putInt(FORMAT).putInt(owner);
        slot.putLong(generation).putLong(limits.session()).putLong(limits.reservedEndExclusive());
        slot.putInt(limits.clean() ? 1 : 0).putInt(bootId.length).put(bootId);
        slot.putInt(CRC_OFFSET, crcOf(slot));
        return slot.clear();
    }

    /**
     * What {@code slot} holds, or nothing where it isn't whole.
     *
     * @throws NewerFormatException it is whole, of a newer format
     */
    static Optional<LimitsSlot> decode(ByteBuffer slot, int owner, Path file) {
        slot.order(ByteOrder.LITTLE_ENDIAN);
        if (slot.limit() != BYTES || slot.getLong(0) != MAGIC || slot.getInt(CRC_OFFSET) != crcOf(slot)) {
            return Optional.empty();
        }
        if (slot.getInt(8) != FORMAT) {
            throw new NewerFormatException(file, slot.getInt(8), FORMAT);
        }
        int length = slot.getInt(44);
        if (slot.getInt(12) != owner || length < 1 || length > BootId.MAX_BYTES) {
            return Optional.empty();
        }
        byte[] bootId = new byte[length];
        slot.get(BOOT_ID_OFFSET, bootId);
        long session = slot.getLong(24);
        long reservedEnd = slot.getLong(32);
        String boot = new String(bootId, StandardCharsets.UTF_8);
        boolean isText = Arrays.equals(boot.getBytes(StandardCharsets.UTF_8), bootId);
        if (session < 0 || reservedEnd < Limits.NOTHING_RESERVED || !isText) {
            return Optional.empty();
        }
        Limits limits = new Limits(session, slot.getInt(40) == 1, boot, reservedEnd);
        return Optional.of(new LimitsSlot(slot.getLong(16), limits));
    }

    private static int crcOf(ByteBuffer slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot.duplicate().clear().limit(CRC_OFFSET));
        return (int) crc.getValue();
    }
}
