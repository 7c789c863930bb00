package dev.holdfast.node.service;

import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.DurableExecutorConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a member goes by when a client, who knows neither the configuration nor the cluster, calls an executor. The configuration of
 * an executor is made from patterns, variables and properties: each is looked up once, not with every call. Thread-safe.
 */
public final class CalledExecutors {

    /** Names come from others: beyond these an executor is looked up anew each time. */
    private static final int MAX_KNOWN = 10_000;

    private final NodeContext context;
    private final Map<String, Called> known = new ConcurrentHashMap<>();

    private record Called(Protection protection, int maxCrashes) {}

    public CalledExecutors(NodeContext context) {
        this.context = context;
    }

    /** How many crashes a task of the executor may cause. */
    public int maxCrashes(String executor) {
        return find(executor).maxCrashes();
    }

    /** Why split-brain protection refuses a call on the executor; empty: it does not. */
    public Optional<String> refuses(String executor, boolean writes) {
        Protection protection = find(executor).protection();
        try {
            if (writes) {
                protection.checkWrite();
            } else {
                protection.checkRead();
            }
            return Optional.empty();
        } catch (SplitBrainProtectionException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Called find(String executor) {
        Called called = known.get(executor);
        if (called == null) {
            DurableExecutorConfig config = context.config().findDurableExecutorConfig(executor);
            called = new Called(Protection.of(executor, context, config), config.getMaxCrashes());
            if (known.size() < MAX_KNOWN) {
                known.put(executor, called);
            }
        }
        return called;
    }
}
