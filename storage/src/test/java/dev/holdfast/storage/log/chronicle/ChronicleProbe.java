package dev.holdfast.storage.log.chronicle;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** A program that starts the storage's runtime, then writes a queue and reads it back. */
final class ChronicleProbe {

    private ChronicleProbe() {}

    public static void main(String[] arguments) {
        try {
            ChronicleRuntime.start();
        } catch (PreflightException e) {
            System.out.println("REFUSED " + e.getMessage());
            System.exit(3);
        }
        System.out.println(Queues.writeAndRead(Path.of(arguments[0])));
    }

    /** Apart, so that nothing of Chronicle is loaded before the runtime was started. */
    private static final class Queues {
        static String writeAndRead(Path directory) {
            try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory)
                            .blockSize(1 << 20)
                            .timeProvider(() -> 0)
                            .build();
                    ExcerptAppender appender = queue.createAppender();
                    ExcerptTailer tailer = queue.createTailer()) {
                Bytes<?> bytes = Bytes.from("written and read");
                appender.writeBytes(bytes);
                Bytes<?> read = Bytes.elasticHeapByteBuffer();
                return tailer.readBytes(read) ? "READ " + read : "NOTHING";
            }
        }
    }
}
