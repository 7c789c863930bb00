package dev.holdfast.node.service;

import dev.holdfast.config.Config;
import dev.holdfast.node.callback.Callbacks;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.execution.BriefWait;
import dev.holdfast.node.partition.PartitionAccess;
import java.time.InstantSource;
import java.util.List;

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

    /** Members that are seen now, this one included; for split-brain protection. */
    default int memberCount() {
        return 1;
    }

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
}
