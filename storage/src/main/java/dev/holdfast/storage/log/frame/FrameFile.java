package dev.holdfast.storage.log.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.openhft.chronicle.bytes.Bytes;

/** A file of frames that is being written. One writer at a time; {@link #force} from any thread. */
public interface FrameFile {

    /**
     * Appends one document.
     *
     * @return its offset in the file
     */
    long append(Bytes<ByteBuffer> frame) throws IOException;

    /** Where the next document will begin, or a few bytes before. */
    long position();

    /** Returns when everything that was appended before the call is on the medium. Not interruptible. */
    void force() throws IOException;
}
