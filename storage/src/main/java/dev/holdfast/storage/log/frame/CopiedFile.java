package dev.holdfast.storage.log.frame;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Passes documents on to a file and keeps a copy: what is sent to other replicas is what this one wrote. One thread. */
public final class CopiedFile implements FrameFile {

    private final ByteArrayOutputStream copy = new ByteArrayOutputStream(1024);
    private @Nullable FrameFile file;

    /** From now on documents go to {@code next}. */
    public FrameFile to(FrameFile next) {
        file = next;
        return this;
    }

    /** All that was written, over all files. */
    public byte[] documents() {
        return copy.toByteArray();
    }

    @Override
    public long append(Bytes<ByteBuffer> frame) throws IOException {
        int length = Math.toIntExact(frame.readRemaining());
        byte[] document = new byte[Math.toIntExact(Frame.documentBytes(length))];
        ByteBuffer.wrap(document).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
        frame.read(frame.readPosition(), document, Frame.DOCUMENT_HEADER, length);
        copy.write(document, 0, document.length);
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
