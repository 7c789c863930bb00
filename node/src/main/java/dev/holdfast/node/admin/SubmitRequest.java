package dev.holdfast.node.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task to be made and stored by the node.
 *
 * @param className of a {@link java.util.concurrent.Callable} or {@link Runnable}, as the node's class loader knows it
 * @param arguments by the names of its constructor's parameters, components, setters or fields
 * @param key affinity key, or null
 * @param maxCrashes 0: the executor's
 * @param resultTtlMillis 0: the executor's
 */
public record SubmitRequest(
        String executor,
        String className,
        Map<String, String> arguments,
        @Nullable String label,
        @Nullable String key,
        @Nullable String idempotencyKey,
        int maxCrashes,
        long resultTtlMillis) {

    public SubmitRequest {
        arguments = Map.copyOf(arguments);
    }
}
