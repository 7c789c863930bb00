package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.SingleThreadedChecked;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * The least that a durable executor on Chronicle can do: append the task's bytes to one queue, run it on a pool, append the
 * result's bytes, complete. No checksum, no frame, no ids, no recovery, no serialisation: it says how fast the machine and
 * the queue are, not what a rival does.
 */
final class BareLoop implements Contender {
    private static final int BLOCK_BYTES = 64 << 20;

    private final ExecutorService pool;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Bytes<byte[]> buffer = Bytes.allocateElasticOnHeap(4096);

    BareLoop(Path directory, int poolSize) {
        pool = Executors.newFixedThreadPool(poolSize);
        queue = SingleChronicleQueueBuilder.binary(directory.toFile())
                .blockSize(BLOCK_BYTES)
                .build();
        appender = queue.createAppender();
        ((SingleThreadedChecked) appender).singleThreadedCheckDisabled(true); // our lock hands it over
    }

    @Override
    public CompletionStage<byte[]> submit(byte[] payload) {
        append(payload);
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        pool.execute(() -> {
            byte[] value = Echo.answer(payload);
            append(value);
            result.complete(value);
        });
        return result;
    }

    private void append(byte[] message) {
        synchronized (buffer) {
            buffer.clear().write(message);
            appender.writeBytes(buffer);
        }
    }

    @Override
    public void close() throws InterruptedException {
        pool.shutdown();
        if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("The pool does not end: seconds=60");
        }
        queue.close();
    }
}
