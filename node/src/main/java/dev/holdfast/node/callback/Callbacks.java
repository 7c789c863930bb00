package dev.holdfast.node.callback;

import java.util.concurrent.Executor;

/**
 * Runs dependents of futures: {@link #execute} always later, on one of its threads. Thread-safe. Both executors throw {@link
 * java.util.concurrent.RejectedExecutionException} once the node is closed.
 */
public interface Callbacks extends Executor {

    /**
     * Runs at once what is handed over by one of these threads, as far as that does not nest deeply, and else as {@link
     * #execute} does: for dependents that may run wherever the stage before them completes, as long as that is here.
     */
    Executor here();

    /**
     * Runs {@code completion} at once, which completes futures of others: what depends on them runs later, as by {@link
     * #execute}, and not within it. Who tells others of their results has more of them to tell, and may be waited for.
     */
    void completing(Runnable completion);
}
