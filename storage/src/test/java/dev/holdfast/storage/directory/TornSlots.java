package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Slots in memory that fail at a chosen write and leave any mixture of old, new and foreign bytes there. */
final class TornSlots implements SlotDevice {

    private final byte[] content;
    private int writesLeft = Integer.MAX_VALUE;
    private @Nullable SplittableRandom tear;

    TornSlots(byte[] content) {
        this.content = content;
    }

    /** The write after {@code writes} good ones tears. */
    void tearAfter(int writes, SplittableRandom random) {
        writesLeft = writes;
        tear = random;
    }

    TornSlots reopened() {
        writesLeft = Integer.MAX_VALUE;
        return this;
    }

    @Override
    public ByteBuffer read(int slot) {
        int start = slot * FileSlotDevice.SLOT_DISTANCE;
        return ByteBuffer.wrap(Arrays.copyOfRange(content, start, start + LimitsSlot.BYTES));
    }

    @Override
    public void writeAndForce(int slot, ByteBuffer bytes) throws IOException {
        int start = slot * FileSlotDevice.SLOT_DISTANCE;
        if (writesLeft-- > 0) {
            bytes.get(content, start, bytes.remaining());
            return;
        }
        SplittableRandom random = java.util.Objects.requireNonNull(tear);
        int prefix = random.nextInt(LimitsSlot.BYTES + 1);
        bytes.get(content, start, prefix);
        if (random.nextBoolean()) {
            byte[] noise = new byte[random.nextInt(LimitsSlot.BYTES - prefix + 1)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, content, start + prefix, noise.length);
        }
        throw new IOException("torn");
    }

    @Override
    public void close() {}
}
