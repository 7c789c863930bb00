package dev.holdfast.node.admin;

import dev.holdfast.DurableExecutorStats.Latency;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An executor as it was when somebody looked from outside, over all partitions that can be read.
 *
 * @param waiting stored, neither ended nor held nor running
 * @param running 0 where no node has the directory open
 * @param held parked and quarantined
 * @param results stored outcomes
 * @param counters since its first task
 * @param live what only a running node knows, or null
 */
public record SeenExecutor(
        String name,
        boolean shutdown,
        boolean paused,
        long waiting,
        long running,
        long held,
        long results,
        Counters counters,
        @Nullable Live live) {

    /**
     * @param rejected submits, since the start of the node
     * @param ttlMillis how long a result is kept, or {@link dev.holdfast.storage.log.TaskSpec#NO_TTL}
     * @param attempts that run, the oldest first, at most {@value #MAX_ATTEMPTS}
     */
    public record Live(
            long rejected,
            int poolSize,
            int capacity,
            int maxHeld,
            long maxResults,
            long maxResultBytes,
            long ttlMillis,
            boolean rejectWhenFull,
            Latency submitToStored,
            Latency submitToResult,
            Latency execution,
            List<Attempt> attempts) {

        public static final int MAX_ATTEMPTS = 64;

        public Live {
            attempts = List.copyOf(attempts);
        }
    }

    /** An attempt that runs. */
    public record Attempt(TaskId task, int attempt, long startedAtMillis) {}

    /** {@code OPEN}, {@code PAUSED}, {@code SHUT DOWN}, or both of the latter. */
    public String state() {
        if (shutdown) {
            return paused ? "SHUT DOWN, PAUSED" : "SHUT DOWN";
        }
        return paused ? "PAUSED" : "OPEN";
    }
}
