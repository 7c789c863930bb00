package dev.holdfast.bench.contender;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The least that a durable executor on Chronicle can do: append the task's bytes to one queue, run it on a pool, append the
 * result's bytes, complete. No checksum, no frame, no ids, no recovery, no serialisation: it says how fast the machine and
 * the queue are, not what a rival does.
 */
final class BareLoop implements Contender {

    private final ExecutorService pool;
    private final Appends appends;

    BareLoop(Path directory, int poolSize) {
        pool = Executors.newFixedThreadPool(poolSize);
        appends = new Appends(directory);
    }

    @Override
    public CompletionStage<byte[]> submitAsync(byte[] payload) {
        return submit(payload).stage();
    }

    @Override
    public Stored submit(byte[] payload) {
        appends.append(payload);
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        pool.execute(() -> {
            byte[] value = Echo.answer(payload);
            appends.append(value);
            result.complete(value);
        });
        return new Promise(result);
    }

    @Override
    public void close() throws InterruptedException {
        pool.shutdown();
        if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("The pool does not end: seconds=60");
        }
        appends.close();
    }
}
