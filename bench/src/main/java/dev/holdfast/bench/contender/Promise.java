package dev.holdfast.bench.contender;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A stored task of a contender that has no ids. */
record Promise(CompletableFuture<byte[]> future) implements Contender.Stored {

    @Override
    public long id() {
        throw new UnsupportedOperationException("no ids here");
    }

    @Override
    public byte[] result() throws Exception {
        return future.get();
    }

    @Override
    public CompletionStage<byte[]> stage() {
        return future;
    }
}
