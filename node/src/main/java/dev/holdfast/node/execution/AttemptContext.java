package dev.holdfast.node.execution;

import dev.holdfast.TaskContext;
import dev.holdfast.storage.log.Epoch;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running task is told about itself. */
record AttemptContext(RunningTask running, Epoch epoch, ConcurrentMap<String, Object> userContext)
        implements TaskContext {

    private static final Logger LOG = LoggerFactory.getLogger("dev.holdfast.task");

    /** Room for 16 million attempts under one epoch, and for 2^39 epochs. */
    private static final int ATTEMPT_BITS = 24;

    @Override
    public long taskId() {
        return running.task().value();
    }

    @Override
    public String executorName() {
        return running.executor();
    }

    @Override
    public int attempt() {
        return running.attempt();
    }

    /** Epoch before attempt: both grow, and a takeover raises the epoch before it starts anything. */
    @Override
    public long fencingToken() {
        return epoch.value() << ATTEMPT_BITS | running.attempt();
    }

    @Override
    public boolean isCancelled() {
        return running.isCancelled();
    }

    @Override
    public void log(String message) {
        LOG.info(message);
    }
}
