package dev.holdfast.node.service;

import dev.holdfast.config.Config;
import dev.holdfast.node.callback.Callbacks;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.execution.BriefWait;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.TaskId;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The node as its executor services see it; implemented where a node is assembled. Thread-safe. */
public interface NodeContext {

    String nodeName();

    /** A snapshot taken at the start: later changes of the user's object change nothing. */
    Config config();

    /** All partitions, by number. */
    List<PartitionAccess> partitions();

    TaskCodec codec();

    InstantSource clock();

    /** Where dependents of futures run: {@code holdfast-callback}. */
    Callbacks callbacks();

    /** The attempt that runs on this node right now. */
    Optional<RunningAttempt> running(TaskId task);

    /** Attempts of {@code executor} that run on this node right now. */
    List<RunningAttempt> running(String executor);

    /** Interrupts the attempt of {@code task} if it runs here; durable effects are the caller's. */
    void interrupt(TaskId task);

    /**
     * To be held by a thread while it blocks in {@code get()}: if it is a worker, another thread stands in for it meanwhile,
     * so that a task may wait for another on a pool of one.
     */
    Blocking blocking();

    /** What a caller may do for a moment before it sleeps until its result is there. */
    BriefWait briefWait();

    /** Times of stored and ended tasks, for statistics. */
    LatencyRecorder latencies(String executor);

    /** Throws {@link IllegalStateException} naming the node if it is closed. */
    void checkOpen();

    /** See {@link #blocking}. */
    interface Blocking extends AutoCloseable {
        @Override
        void close();
    }

    /** An attempt that runs. */
    record RunningAttempt(TaskId task, String executor, int attempt, long startedAtMillis) {}
}
