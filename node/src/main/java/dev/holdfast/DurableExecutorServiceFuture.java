package dev.holdfast;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * The result of a stored task. Waiting needs no thread; dependent stages run on the callback pool ({@code
 * holdfast-callback}) unless they name an executor of their own, and may call {@code submit}.
 *
 * <p>{@link #get} throws {@link java.util.concurrent.ExecutionException} with the task's throwable as cause (or {@link
 * RemoteTaskException} where it cannot be rebuilt), or caused by {@link StaleTaskIdException} where there is no result any
 * more, and {@link java.util.concurrent.CancellationException} for a cancelled task. The result is decoded once per future:
 * all who ask one future get the same object, another future of the same task has one of its own. The future of a submit
 * begins to wait when it is first asked: a result that was disposed of or evicted before that is gone for it too.
 *
 * <p>{@link #cancel} on the future of a submit cancels the task itself, durably; on the future of a {@code retrieveResult} it
 * only stops waiting. A worker that waits in {@code get} for another task is stood in for by another thread, so that a pool of
 * one does not block itself. Thread-safe.
 *
 * @param <T> type of the result
 */
public interface DurableExecutorServiceFuture<T> extends Future<T>, CompletionStage<T> {

    /**
     * The task's id: what another process needs to fetch the result. Does not block.
     *
     * @return positive, never issued twice, valid until the result is disposed of or evicted
     */
    long getTaskId();
}
