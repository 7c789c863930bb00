package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.frame.Frame;
import dev.holdfast.storage.log.frame.FrameFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import net.openhft.chronicle.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Passes documents on to a segment and keeps a copy: what is sent to other replicas is what this one wrote. One thread. */
final class CopiedFile implements FrameFile {

    private final ByteArrayOutputStream copy = new ByteArrayOutputStream(1024);
    private @Nullable SegmentFile segment;

    /** From now on documents go to {@code next}. */
    FrameFile to(SegmentFile next) {
        segment = next;
        return this;
    }

    byte[] documents() {
        return copy.toByteArray();
    }

    @Override
    public long append(Bytes<ByteBuffer> frame) throws IOException {
        int length = Math.toIntExact(frame.readRemaining());
        byte[] document = new byte[Math.toIntExact(Frame.documentBytes(length))];
        Frame.putLength(document, length);
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

    private SegmentFile current() {
        if (segment == null) {
            throw new IllegalStateException("No segment to write to");
        }
        return segment;
    }
}
