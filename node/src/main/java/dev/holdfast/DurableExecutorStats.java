package dev.holdfast;

import java.time.Duration;

/**
 * Totals of one executor over all partitions. Counts of ended tasks go back to its first task, over restarts; {@code
 * rejected} and the latencies to the start of this node. Zeros where {@code statistics-enabled} is false, but for pending
 * and running.
 *
 * @param pending stored, waiting for a worker; now
 * @param running on a worker; now
 * @param completed ended with a result
 * @param failed ended with a failure, which is kept as a result is
 * @param cancelled ended by a cancel
 * @param rejected submits that were refused
 * @param recovered unfinished tasks that a start found and took up again
 * @param evicted results that {@code result-retention} removed
 * @param quarantined held, because the process died too often while they ran; now
 * @param parked held, because their class is missing or has changed; now
 * @param retried explicit retries
 * @param submitToStored latency from the call of submit to its commit
 * @param submitToResult latency from the call of submit to the commit of the result, of tasks whose future somebody was
 *     waiting for
 * @param execution time in the task's own code
 */
public record DurableExecutorStats(
        long pending,
        long running,
        long completed,
        long failed,
        long cancelled,
        long rejected,
        long recovered,
        long evicted,
        long quarantined,
        long parked,
        long retried,
        Latency submitToStored,
        Latency submitToResult,
        Latency execution) {

    /**
     * Percentiles of a latency, to within 5 %; all zero where nothing was measured.
     *
     * @param count how many were measured
     * @param median half of them were shorter
     * @param p99 99 of 100 were shorter
     * @param p999 999 of 1000 were shorter
     * @param max the longest
     */
    public record Latency(long count, Duration median, Duration p99, Duration p999, Duration max) {

        /** Nothing was measured. */
        public static final Latency NONE = new Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
}
