package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.log.frame.Frame;
import dev.holdfast.storage.log.segment.PartitionStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import net.openhft.chronicle.bytes.Bytes;

/**
 * Writes a checkpoint's file through a channel: it is written once, in order, and forced once, and a full disk shows at the
 * write. One thread.
 */
final class CheckpointChannel implements PartitionStore.CheckpointFile {

    private static final int BUFFER = 1024 * 1024;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    CheckpointChannel(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public long append(Bytes<ByteBuffer> frame) throws IOException {
        int length = Math.toIntExact(frame.readRemaining());
        int size = Math.toIntExact(Frame.documentBytes(length));
        if (buffer.remaining() < size) {
            flush();
        }
        long offset = position();
        int end = buffer.position() + size;
        buffer.putInt(length);
        frame.read(buffer);
        frame.readPosition(0);
        while (buffer.position() < end) {
            buffer.put((byte) 0);
        }
        return offset;
    }

    @Override
    public long position() {
        return flushed + buffer.position();
    }

    @Override
    public void force() throws IOException {
        flush();
        try {
            channel.force(true);
        } catch (IOException e) {
            throw SystemDevice.asNoSpace(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void flush() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                flushed += channel.write(buffer);
            }
        } catch (IOException e) {
            throw SystemDevice.asNoSpace(e);
        }
        buffer.clear();
    }
}
