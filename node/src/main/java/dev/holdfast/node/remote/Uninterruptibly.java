package dev.holdfast.node.remote;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits for answers, which come or fail in time by themselves; an interruption does not end it, the flag is kept. */
final class Uninterruptibly {

    private Uninterruptibly() {}

    /** @throws NotAnsweredException there is none */
    static <T> T get(CompletionStage<T> answer) {
        if (Delivery.isUnderWay()) {
            throw new IllegalStateException("A thread of the network must not wait for an answer: it would bring it");
        }
        CompletableFuture<T> future = answer.toCompletableFuture();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new NotAnsweredException(String.valueOf(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
