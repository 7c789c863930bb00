package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.HoldfastNode;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.DirectoryStore;
import dev.holdfast.node.assembly.EmbeddedNode;

/**
 * A new JVM opens a directory that {@link FillLog} made, until it serves; the files are in the page cache. Options:
 * directory, live, partitions.
 */
final class Recover implements Measurement {

    @Override
    public Figures measure(Options options) throws Exception {
        int partitions = options.number("partitions");
        Config config =
                HoldfastNode.config(options.directory(), Options.POOL_SIZE).setPartitionCount(partitions);
        config.getDurableExecutorConfig(HoldfastNode.EXECUTOR)
                .getResultRetention()
                .setMaxResults(Math.max(1, options.number("live") / partitions));
        long start = System.nanoTime();
        try (EmbeddedNode node = EmbeddedNode.start(config, DirectoryStore.open(config))) {
            double seconds = (System.nanoTime() - start) / 1e9;
            long records = node.report().records();
            return new Figures()
                    .put("k records", records / 1000.0)
                    .put("seconds", seconds)
                    .put("k records/s", records / 1000.0 / seconds)
                    .put("heap MB", Runtime.getRuntime().maxMemory() / 1e6);
        }
    }
}
