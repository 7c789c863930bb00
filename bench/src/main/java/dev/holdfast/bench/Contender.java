package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** Stores a task, runs it on a pool of its own, stores the result, hands it over. */
interface Contender extends AutoCloseable {

    /** Returns when, or before, the task is stored; the stage completes with the result, once that is stored. */
    CompletionStage<byte[]> submit(byte[] payload) throws Exception;

    @Override
    void close() throws Exception;

    /** Opens the contender of that name on an empty directory. */
    static Contender open(String name, Path directory, int poolSize) {
        return switch (name) {
            case "bare" -> new BareLoop(directory, poolSize);
            case "holdfast" -> new HoldfastNode(directory, poolSize);
            default ->
                throw new IllegalArgumentException("No such contender: name=" + name + "; known: bare, holdfast");
        };
    }
}
