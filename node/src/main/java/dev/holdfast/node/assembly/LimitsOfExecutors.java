package dev.holdfast.node.assembly;

import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.StorageConfig;
import dev.holdfast.config.WhenFull;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.storage.log.TaskSpec;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Limits of executors from the configuration, each looked up once. Thread-safe. */
final class LimitsOfExecutors implements Function<String, ExecutorLimits> {

    private final Config config;
    private final ConcurrentHashMap<String, ExecutorLimits> byName = new ConcurrentHashMap<>();

    LimitsOfExecutors(Config config) {
        this.config = config;
    }

    @Override
    public ExecutorLimits apply(String executor) {
        ExecutorLimits known = byName.get(executor);
        return known != null ? known : byName.computeIfAbsent(executor, this::read);
    }

    private ExecutorLimits read(String executor) {
        DurableExecutorConfig settings;
        synchronized (config) { // a Config is not thread-safe
            settings = config.findDurableExecutorConfig(executor);
        }
        ResultRetentionConfig retention = settings.getResultRetention();
        StorageConfig storage = config.getStorageConfig();
        return new ExecutorLimits(
                settings.getCapacity(),
                settings.getMaxHeld(),
                retention.getMaxResults(),
                retention.getMaxBytes(),
                retention.getTtl() == null
                        ? TaskSpec.NO_TTL
                        : retention.getTtl().toMillis(),
                retention.getWhenFull() == WhenFull.REJECT,
                storage.getTombstones(),
                storage.getIdempotencyKeys(),
                storage.getIdempotencyTtl().toMillis());
    }
}
