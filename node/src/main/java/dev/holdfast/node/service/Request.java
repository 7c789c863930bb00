package dev.holdfast.node.service;

import dev.holdfast.PartitionAware;
import dev.holdfast.TaskOptions;
import dev.holdfast.node.codec.TaskCodec.EncodedTask;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.routing.Router;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A submission as a partition takes it: encoded, on the caller's thread, and with the partitions to try. */
record Request(
        Command.Submit command,
        Router.Route route,
        @Nullable String idempotencyKey) {

    private static final int MAX_KEY_TEXT = 256;
    private static final Duration LONGEST_TTL = Duration.ofDays(100 * 365);

    static Request of(Core core, Callable<?> task, TaskOptions options) {
        return encoded(core, task, core.codec().encodeTask(task), options, true);
    }

    static Request of(Core core, Runnable task, @Nullable Object result, TaskOptions options, boolean keepResult) {
        return encoded(core, task, core.codec().encodeTask(task, result), options, keepResult);
    }

    private static Request encoded(
            Core core, Object task, EncodedTask encoded, TaskOptions options, boolean keepResult) {
        Object key = options.getKey().orElse(null);
        if (key == null && task instanceof PartitionAware<?> aware) {
            key = aware.getPartitionKey();
        }
        String idempotencyKey = options.getIdempotencyKey().orElse(null);
        TaskSpec spec = new TaskSpec(
                encoded.codec(),
                encoded.typeName(),
                encoded.fingerprint(),
                options.getLabel().orElse(null),
                key == null ? null : text(key),
                idempotencyKey,
                options.getMaxCrashes().orElse(core.config().getMaxCrashes()),
                options.getResultTtl().map(Request::millis).orElse(TaskSpec.NO_TTL),
                keepResult);
        return new Request(
                new Command.Submit(core.name(), spec, new Body.Inline(encoded.bytes())),
                core.router().route(key, idempotencyKey),
                idempotencyKey);
    }

    private static String text(Object key) {
        String text;
        try {
            text = String.valueOf(key);
        } catch (RuntimeException e) {
            text = key.getClass().getName();
        }
        return text.length() <= MAX_KEY_TEXT ? text : text.substring(0, MAX_KEY_TEXT);
    }

    private static long millis(Duration ttl) {
        return ttl.compareTo(LONGEST_TTL) > 0 ? TaskSpec.NO_TTL : Math.max(ttl.toMillis(), 1);
    }
}
