package dev.holdfast.bench.contender;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stores nothing: what a pool of the JDK costs. */
final class PlainPool implements Contender {

    private final ExecutorService pool;

    PlainPool(int poolSize) {
        pool = Executors.newFixedThreadPool(poolSize);
    }

    @Override
    public CompletionStage<byte[]> submitAsync(byte[] payload) {
        return CompletableFuture.supplyAsync(() -> Echo.answer(payload), pool);
    }

    @Override
    public Stored submit(byte[] payload) {
        return new Promise(CompletableFuture.supplyAsync(() -> Echo.answer(payload), pool));
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
