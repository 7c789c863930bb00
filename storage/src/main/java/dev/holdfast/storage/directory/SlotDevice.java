package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the two slots of a limits file are kept; a seam for tests that fail or tear a write. */
interface SlotDevice extends AutoCloseable {

    /** The bytes of slot 0 or 1; shorter than asked for where the file ends before. */
    ByteBuffer read(int slot) throws IOException;

    /** Writes a slot and returns when it is on the medium. */
    void writeAndForce(int slot, ByteBuffer content) throws IOException;

    @Override
    void close() throws IOException;
}
