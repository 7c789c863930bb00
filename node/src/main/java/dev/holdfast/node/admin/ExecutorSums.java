package dev.holdfast.node.admin;

import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import java.util.List;
import java.util.function.ToLongFunction;

/** An executor over its partitions. */
final class ExecutorSums {

    private ExecutorSums() {}

    /** What is neither ended nor held counts as waiting. The operation with the highest number decides about the state. */
    static SeenExecutor of(String name, List<ExecutorView> views) {
        long newest = -1;
        boolean shutdown = false;
        boolean paused = false;
        for (ExecutorView view : views) {
            if (view.operation() > newest) {
                newest = view.operation();
                shutdown = view.shutdown();
                paused = view.paused();
            }
        }
        return new SeenExecutor(
                name,
                shutdown,
                paused,
                sum(views, ExecutorView::unfinished),
                0,
                sum(views, ExecutorView::held),
                sum(views, ExecutorView::results),
                new Counters(
                        counter(views, Counters::completed),
                        counter(views, Counters::failed),
                        counter(views, Counters::cancelled),
                        counter(views, Counters::recovered),
                        counter(views, Counters::evicted),
                        counter(views, Counters::quarantined),
                        counter(views, Counters::parked),
                        counter(views, Counters::retried)),
                null);
    }

    private static long counter(List<ExecutorView> views, ToLongFunction<Counters> counter) {
        return sum(views, view -> counter.applyAsLong(view.counters()));
    }

    private static long sum(List<ExecutorView> views, ToLongFunction<ExecutorView> part) {
        return views.stream().mapToLong(part).sum();
    }
}
