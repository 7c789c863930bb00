package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.HoldfastNode;
import dev.holdfast.config.Config;
import java.util.concurrent.TimeUnit;

/** What a stored task holds of the heap, unfinished and finished. Options: directory, bytes, tasks. */
final class HeapPerTask implements Measurement {
    private static final int COLLECTIONS = 4;

    @Override
    public Figures measure(Options options) throws Exception {
        int tasks = options.number("tasks");
        byte[] payload = Measurement.payload(options);
        Config config = HoldfastNode.config(options.directory(), Options.POOL_SIZE);
        config.getDurableExecutorConfig(HoldfastNode.EXECUTOR)
                .setCapacity(tasks)
                .getResultRetention()
                .setMaxResults(tasks)
                .setMaxBytes(1L << 40);
        try (HoldfastNode node = new HoldfastNode(config)) {
            node.submit(payload).result(); // its classes are loaded
            node.executor().pause();
            long empty = used();
            for (int i = 0; i < tasks; i++) {
                node.submit(payload);
            }
            long full = used();
            node.executor().resume();
            while (node.executor().getStats().completed() <= tasks) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            long finished = used();
            return new Figures()
                    .put("unfinished B", (double) (full - empty) / tasks)
                    .put("finished B", (double) (finished - empty) / tasks);
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100); // references that a collection found are handled after it
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
