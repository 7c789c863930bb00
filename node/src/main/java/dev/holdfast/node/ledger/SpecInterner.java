package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.TaskSpec;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks share what they have in common: the whole spec, or, where an idempotency key makes it unique, its names. Only
 * saves memory; starts anew when it is full, so that labels that never repeat can not fill it for good.
 */
final class SpecInterner {

    private static final int LIMIT = 4_096;

    private final Map<Object, Object> shared = new HashMap<>();

    TaskSpec spec(TaskSpec spec) {
        if (spec.idempotencyKey() == null) {
            return share(spec);
        }
        return new TaskSpec(
                share(spec.codec()),
                share(spec.typeName()),
                shareNullable(spec.fingerprint()),
                spec.label(),
                spec.key(),
                spec.idempotencyKey(),
                spec.maxCrashes(),
                spec.resultTtlMillis(),
                spec.keepResult());
    }

    @Nullable
    String shareNullable(@Nullable String name) {
        return name == null ? null : share(name);
    }

    @SuppressWarnings("unchecked") // a key is its own value
    private <T> T share(T value) {
        if (shared.size() >= LIMIT) {
            shared.clear();
        }
        Object earlier = shared.putIfAbsent(value, value);
        return earlier == null ? value : (T) earlier;
    }
}
