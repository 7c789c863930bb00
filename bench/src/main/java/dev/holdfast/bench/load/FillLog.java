package dev.holdfast.bench.load;

import dev.holdfast.TaskOptions;
import dev.holdfast.bench.contender.Echo;
import dev.holdfast.bench.contender.HoldfastNode;
import dev.holdfast.config.Config;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Makes a directory whose log has a number of records and few live entries, for {@link Recover}. Options: directory, bytes,
 * records, live, partitions.
 */
final class FillLog implements Measurement {
    private static final int OUTSTANDING = 256;

    @Override
    public Figures measure(Options options) throws Exception {
        byte[] payload = Measurement.payload(options);
        long tasks = options.longNumber("records") / 2; // each leaves Submitted and Completed
        int partitions = options.number("partitions");
        Config config =
                HoldfastNode.config(options.directory(), Options.POOL_SIZE).setPartitionCount(partitions);
        config.getDurableExecutorConfig(HoldfastNode.EXECUTOR)
                .getResultRetention()
                .setMaxResults(Math.max(1, options.number("live") / partitions));
        Semaphore outstanding = new Semaphore(OUTSTANDING);
        try (HoldfastNode node = new HoldfastNode(config)) {
            TaskOptions none = TaskOptions.create();
            for (long i = 0; i < tasks; i++) {
                outstanding.acquire();
                node.executor()
                        .submitAsync(new Echo(payload), none)
                        .thenCompose(stored -> stored)
                        .whenComplete((result, problem) -> outstanding.release());
            }
            if (!outstanding.tryAcquire(OUTSTANDING, 1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Tasks do not finish: seconds=60");
            }
        }
        return new Figures().put("tasks", tasks);
    }
}
