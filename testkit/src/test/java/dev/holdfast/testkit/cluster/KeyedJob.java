package dev.holdfast.testkit.cluster;

import dev.holdfast.DurableCallable;
import dev.holdfast.PartitionAware;
import java.util.UUID;

/**
 * As {@link Job}, on the partition of a key however it is submitted; the first start may fail. An interrupt is noted under the
 * token and {@link #INTERRUPTED}.
 *
 * @param gate it waits at; empty: none
 */
record KeyedJob(String key, String token, String gate, boolean failsFirst)
        implements DurableCallable<String>, PartitionAware<String> {

    static final String INTERRUPTED = "-interrupted";

    static KeyedJob of(String key, String token) {
        return new KeyedJob(key, token, "", false);
    }

    static KeyedJob gated(String key, String token) {
        return new KeyedJob(key, token, token, false);
    }

    static KeyedJob failingFirst(String key, String token) {
        return new KeyedJob(key, token, "", true);
    }

    @Override
    public String getPartitionKey() {
        return key;
    }

    @Override
    public String call() throws InterruptedException {
        String value = token + "=" + UUID.randomUUID();
        Runs.started(token, value);
        if (failsFirst && Runs.of(token).size() == 1) {
            throw new IllegalStateException("the first time: " + token);
        }
        try {
            if (!gate.isEmpty()) {
                Runs.gate(gate).await();
            }
            return value;
        } catch (InterruptedException e) {
            Runs.started(token + INTERRUPTED, value);
            throw e;
        }
    }
}
