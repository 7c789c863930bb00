package dev.holdfast.testkit.cluster;

import dev.holdfast.DurableCallable;
import java.util.UUID;

/**
 * Returns a value made at execution, so that a result that is computed again shows.
 *
 * @param gate it waits at; empty: none
 */
record Job(String token, String gate) implements DurableCallable<String> {

    Job(String token) {
        this(token, "");
    }

    @Override
    public String call() throws InterruptedException {
        String value = token + "=" + UUID.randomUUID();
        Runs.started(token, value);
        if (!gate.isEmpty()) {
            Runs.gate(gate).await();
        }
        return value;
    }
}
