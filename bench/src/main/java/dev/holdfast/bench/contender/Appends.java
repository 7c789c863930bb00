package dev.holdfast.bench.contender;

import java.io.File;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.SingleThreadedChecked;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** One Chronicle Queue, one appender, a lock. */
final class Appends implements AutoCloseable {
    private static final int BLOCK_BYTES = 64 << 20;

    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Bytes<byte[]> buffer = Bytes.allocateElasticOnHeap(4096);

    Appends(Path directory) {
        queue = SingleChronicleQueueBuilder.binary(directory.toFile())
                .blockSize(BLOCK_BYTES)
                .build();
        appender = queue.createAppender();
        ((SingleThreadedChecked) appender).singleThreadedCheckDisabled(true); // our lock hands it over
    }

    synchronized void append(byte[] message) {
        buffer.clear().write(message);
        appender.writeBytes(buffer);
    }

    /** The file that is written to; there is one as soon as something was appended. */
    synchronized File file() {
        File current = appender.currentFile();
        if (current == null) {
            throw new IllegalStateException("nothing was appended yet");
        }
        return current;
    }

    @Override
    public synchronized void close() {
        queue.close();
    }
}
