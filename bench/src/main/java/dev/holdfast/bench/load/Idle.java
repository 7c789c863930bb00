package dev.holdfast.bench.load;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.bench.contender.HoldfastNode;
import dev.holdfast.config.Config;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The share of a core that a node uses while it has nothing to do. Options: directory, bytes, results, seconds. */
final class Idle implements Measurement {
    private static final int OUTSTANDING = 256;
    private static final int SETTLE_SECONDS = 5;

    @Override
    public Figures measure(Options options) throws Exception {
        int results = options.number("results");
        byte[] payload = Measurement.payload(options);
        Config config = HoldfastNode.config(options.directory(), Options.POOL_SIZE);
        config.getDurableExecutorConfig(HoldfastNode.EXECUTOR)
                .getResultRetention()
                .setMaxResults(Math.max(1, results))
                .setMaxBytes(1L << 40);
        Semaphore outstanding = new Semaphore(OUTSTANDING);
        try (HoldfastNode node = new HoldfastNode(config)) {
            for (int i = 0; i < results; i++) {
                outstanding.acquire();
                node.submitAsync(payload).whenComplete((result, problem) -> outstanding.release());
            }
            outstanding.acquire(OUTSTANDING);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long startNanos = System.nanoTime();
            long cpuNanos = system.getProcessCpuTime();
            TimeUnit.SECONDS.sleep(options.number("seconds"));
            cpuNanos = system.getProcessCpuTime() - cpuNanos;
            return new Figures().put("% of a core", 100.0 * cpuNanos / (System.nanoTime() - startNanos));
        }
    }
}
