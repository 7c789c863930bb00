package dev.holdfast.node.assembly;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has operations on whole executors finished that reached some partitions only, because the node that carried them out is
 * gone: soon after this node has come to lead a partition, which one of them was told and another was not. Thread-safe.
 */
final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /** Partitions come to a node several at a time. */
    private static final long DELAY_MILLIS = 500;

    private final Consumer<String> finish;
    private final ScheduledExecutorService timer;
    private final Executor inquiries;
    private final Set<String> due = ConcurrentHashMap.newKeySet();

    /**
     * @param finish of an executor by its name; asks other nodes, and waits as long as one of them stands still
     * @param inquiries runs it: on no thread that another node, which may be asking the same, waits for
     */
    Reconciler(Consumer<String> finish, ScheduledExecutorService timer, Executor inquiries) {
        this.finish = finish;
        this.timer = timer;
        this.inquiries = inquiries;
    }

    void lookLater(String executor) {
        if (!due.add(executor)) {
            return;
        }
        try {
            var unused =
                    timer.schedule(() -> inquiries.execute(() -> look(executor)), DELAY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("Not scheduled, the node is closed: executor={}", executor);
        }
    }

    private void look(String executor) {
        due.remove(executor);
        try {
            finish.accept(executor);
        } catch (RuntimeException e) {
            // a partition without a leader: whoever comes to lead it looks again
            LOG.debug("Operations of an executor could not be compared: executor={}", executor, e);
        }
    }
}
