package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.ExecutorState;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.storage.log.SnapshotItem;
import org.jspecify.annotations.Nullable;

/** States of executors as others see them. */
public final class ExecutorViews {

    private ExecutorViews() {}

    /** {@code state} as others see it; null of an executor that was never used. */
    public static ExecutorView of(String name, @Nullable ExecutorState state) {
        return state == null
                ? neverUsed(name)
                : new ExecutorView(
                        name,
                        state.operation(),
                        state.shutdown(),
                        state.paused(),
                        state.unfinished(),
                        state.held(),
                        state.results(),
                        state.counters());
    }

    static ExecutorView neverUsed(String name) {
        return new ExecutorView(name, 0, false, false, 0, 0, 0, SnapshotItem.Counters.ZERO);
    }
}
