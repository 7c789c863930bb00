package dev.holdfast.storage.log.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.openhft.chronicle.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Passes documents on to a file and keeps a copy: what is sent to other replicas is what this one wrote. One thread. */
public final class CopiedFile implements FrameFile {

    private byte[] copy = {};
    private int length;
    private @Nullable FrameFile file;

    /** That many bytes are about to be written: nothing is copied twice then. */
    public void expect(int bytes) {
        copy = Arrays.copyOf(copy, length + bytes);
    }

    /** From now on documents go to {@code next}. */
    public FrameFile to(FrameFile next) {
        file = next;
        return this;
    }

    /** All that was written, over all files; the last call. */
    public byte[] documents() {
        return length == copy.length ? copy : Arrays.copyOf(copy, length);
    }

    @Override
    public long append(Bytes<ByteBuffer> frame) throws IOException {
        int frameLength = Math.toIntExact(frame.readRemaining());
        int end = length + Math.toIntExact(Frame.documentBytes(frameLength));
        if (end > copy.length) {
            copy = Arrays.copyOf(copy, Math.max(end, 2 * copy.length));
        }
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(length, frameLength);
        frame.read(frame.readPosition(), copy, length + Frame.DOCUMENT_HEADER, frameLength);
        length = end;
        return current().append(frame);
    }

    @Override
    public long position() {
        return current().position();
    }

    @Override
    public void force() throws IOException {
        current().force();
    }

    private FrameFile current() {
        if (file == null) {
            throw new IllegalStateException("No file to write to");
        }
        return file;
    }
}
