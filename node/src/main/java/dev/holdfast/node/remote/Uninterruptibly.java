package dev.holdfast.node.remote;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.transport.RequestFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits for answers, which come or fail in time by themselves; an interruption does not end it, the flag is kept. */
final class Uninterruptibly {

    private Uninterruptibly() {}

    /**
     * @throws NotAnsweredException there is none
     * @throws HoldfastException the node failed at the question, and would again
     */
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
                    if (e.getCause() instanceof RequestFailedException failed
                            && failed.outcome() == RequestFailedException.Outcome.FAILED) {
                        throw new HoldfastException(ErrorCode.PARTITION_REFUSES, String.valueOf(failed.getMessage()));
                    }
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
