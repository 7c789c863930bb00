package dev.holdfast.storage.directory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Two slots in a file, a page each: no tear and no bad sector hits both. Not interruptible. */
final class FileSlotDevice implements SlotDevice {

    static final int SLOT_DISTANCE = 4096;
    static final int FILE_BYTES = 2 * SLOT_DISTANCE;

    private final RandomAccessFile file;

    private FileSlotDevice(RandomAccessFile file) {
        this.file = file;
    }

    static FileSlotDevice open(Path path, boolean readOnly) throws IOException {
        return new FileSlotDevice(DurableFiles.openUninterruptible(path, readOnly));
    }

    @Override
    public ByteBuffer read(int slot) throws IOException {
        byte[] content = new byte[LimitsSlot.BYTES];
        int length = 0;
        file.seek((long) slot * SLOT_DISTANCE);
        while (length < content.length) {
            int read = file.read(content, length, content.length - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        return ByteBuffer.wrap(content, 0, length);
    }

    @Override
    public void writeAndForce(int slot, ByteBuffer content) throws IOException {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        file.seek((long) slot * SLOT_DISTANCE);
        file.write(bytes);
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
