package dev.holdfast.node.service;

import dev.holdfast.node.codec.TaskCodec;
import java.util.concurrent.CompletionException;

/** What {@code shutdownNow} returns where the task is not a {@link Runnable} itself. */
final class NeverStarted {

    private NeverStarted() {}

    /** Runs a {@link java.util.concurrent.Callable}; its result is dropped, a checked exception is wrapped. */
    record OfCallable(TaskCodec.Decoded task) implements Runnable {
        @Override
        public void run() {
            try {
                task.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        }

        @Override
        public String toString() {
            return "OfCallable[" + task.target() + "]";
        }
    }

    /** Stands for a task that can't be rebuilt here. */
    record Unreadable(long taskId, String reason) implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("The task can't be rebuilt: taskId=" + taskId + ", reason=" + reason);
        }
    }
}
