package dev.holdfast.storage.log;

import org.jspecify.annotations.Nullable;

/**
 * What was said of a task at submission, beside its bytes. Equal specs may be shared between tasks.
 *
 * @param codec name of the codec that wrote the payload, for example {@code java}
 * @param typeName class name of the task, as the console shows it
 * @param fingerprint of the class file that a lambda's body comes from; null for a task of a class of its own
 * @param label the user's label, or null
 * @param key the affinity key as text, for display, or null
 * @param idempotencyKey or null
 * @param maxCrashes counted crashes after which the task is quarantined, at least 1
 * @param resultTtlMillis how long the result is kept after the end, or {@link #NO_TTL}
 * @param keepResult false for {@code execute}: the result of a success is not kept, a failure is
 */
public record TaskSpec(
        String codec,
        String typeName,
        @Nullable String fingerprint,
        @Nullable String label,
        @Nullable String key,
        @Nullable String idempotencyKey,
        int maxCrashes,
        long resultTtlMillis,
        boolean keepResult) {

    public static final long NO_TTL = -1;
}
