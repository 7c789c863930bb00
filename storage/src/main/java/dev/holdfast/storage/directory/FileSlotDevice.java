package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Two slots in a file, a page each: no tear and no bad sector hits both. */
final class FileSlotDevice implements SlotDevice {

    static final int SLOT_DISTANCE = 4096;
    static final int FILE_BYTES = 2 * SLOT_DISTANCE;

    private final FileChannel channel;

    FileSlotDevice(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public ByteBuffer read(int slot) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LimitsSlot.BYTES);
        long start = (long) slot * SLOT_DISTANCE;
        while (content.hasRemaining()) {
            if (channel.read(content, start + content.position()) < 0) {
                break;
            }
        }
        return content.flip();
    }

    @Override
    public void writeAndForce(int slot, ByteBuffer content) throws IOException {
        long start = (long) slot * SLOT_DISTANCE;
        while (content.hasRemaining()) {
            channel.write(content, start + content.position());
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
