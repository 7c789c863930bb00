package dev.holdfast.node.service;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations on a whole executor: the same record in every partition. Its number says which of two came later, and, in its
 * lowest three bits, what it was: so a fan-out that a crash cut short can be finished at the next start by whoever sees
 * that the partitions differ.
 */
final class ExecutorOperations {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorOperations.class);
    private static final int KIND_BITS = 3;
    private static final int KIND_MASK = (1 << KIND_BITS) - 1;

    private final Core core;

    /** One operation of this process at a time. Another node's may take the same generation: see {@link #perform}. */
    private final ReentrantLock lock = new ReentrantLock();

    ExecutorOperations(Core core) {
        this.core = core;
    }

    void checkAllowed() {
        core.context().checkOpen();
        core.protection().checkWrite();
    }

    /**
     * Two nodes that operate at once may take the same generation; then the partitions ignore the one with the lower number wherever
     * the other came first. So whoever finds another's number afterwards, and not what it wanted, takes the next generation.
     */
    void perform(Operation operation) {
        checkAllowed();
        lock.lock();
        try {
            long number = 0;
            do {
                long generation = latest().operation() >>> KIND_BITS;
                number = ((generation + 1) << KIND_BITS) | operation.ordinal();
                send(operation, number, partition -> true);
            } while (isIgnored(operation, number));
        } finally {
            lock.unlock();
        }
    }

    private boolean isIgnored(Operation operation, long number) {
        return core.views().stream()
                .anyMatch(view -> view.operation() > number
                        && switch (operation) {
                            case SHUTDOWN -> !view.shutdown();
                            case REOPEN -> view.shutdown();
                            case PAUSE -> !view.paused();
                            case RESUME -> view.paused();
                            case DESTROY -> (view.operation() & KIND_MASK) != operation.ordinal();
                        });
    }

    /** Finishes an operation that did not reach every partition before the last stop; for the start of a node. */
    void reconcile() {
        lock.lock();
        try {
            long number = latest().operation();
            int kind = (int) (number & KIND_MASK);
            if (number == 0 || core.views().stream().allMatch(view -> view.operation() == number)) {
                return;
            }
            Operation operation = Operation.values()[kind];
            LOG.info("Finishing an operation that a stop cut short: executor={}, operation={}", core.name(), operation);
            send(operation, number, partition -> partition.executor(core.name()).operation() < number);
        } finally {
            lock.unlock();
        }
    }

    /** Posts to all before it waits for the first: one round, whatever the number of partitions. */
    private void send(Operation operation, long number, Predicate<PartitionAccess> to) {
        long deadlineNanos = core.calls().deadlineNanos();
        Map<PartitionAccess, ReplyWait> waits = new LinkedHashMap<>();
        for (PartitionAccess partition : core.partitions()) {
            // One that refuses takes no tasks either; it is told when the node starts with it again.
            if (partition.problem() == null && to.test(partition)) {
                ReplyWait wait = new ReplyWait();
                core.calls().post(partition, new Command.Operate(core.name(), operation, number), wait);
                waits.put(partition, wait);
            }
        }
        waits.forEach((partition, wait) -> core.calls().answer(partition, wait, deadlineNanos));
    }

    /** The view of the partition that the latest operation reached. */
    ExecutorView latest() {
        return core.views().stream()
                .max(Comparator.comparingLong(ExecutorView::operation))
                .orElseThrow(() -> new IllegalStateException("A node without partitions"));
    }
}
