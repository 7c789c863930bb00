package dev.holdfast.testkit.cluster;

import dev.holdfast.DurableRunnable;
import dev.holdfast.PartitionAware;

/** Notes that it ran; on the partition of a key however it is submitted. */
record KeyedRun(String key, String token) implements DurableRunnable, PartitionAware<String> {

    @Override
    public String getPartitionKey() {
        return key;
    }

    @Override
    public void run() {
        Runs.started(token, token);
    }
}
