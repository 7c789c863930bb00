package dev.holdfast.cli;

import dev.holdfast.TaskInfo;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tasks as documents: what is not known is not in them. */
final class TaskDocuments {

    private TaskDocuments() {}

    /** As {@code tasks list} prints it. */
    static Map<String, Object> summary(SeenTask task) {
        TaskInfo info = task.info();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("taskId", info.taskId());
        document.put("executor", info.executorName());
        document.put("state", info.state().name());
        document.put("attempt", info.attempt());
        document.put("type", info.typeName());
        put(document, "label", info.label());
        put(document, "key", info.key());
        document.put("submittedAt", info.submittedAt().toString());
        put(document, "startedAt", text(info.startedAt()));
        put(document, "finishedAt", text(info.finishedAt()));
        put(document, "failure", info.failure());
        document.put("copies", info.copies());
        return document;
    }

    /** As {@code tasks show} prints it, without what takes a look into the bodies. */
    static Map<String, Object> details(SeenTask task) {
        TaskSpec spec = task.spec();
        Map<String, Object> document = summary(task);
        document.put("partition", task.partition().value());
        document.put("sequence", task.sequence());
        put(document, "idempotencyKey", spec.idempotencyKey());
        document.put("crashes", task.crashes());
        document.put("maxCrashes", spec.maxCrashes());
        if (spec.resultTtlMillis() != TaskSpec.NO_TTL) {
            document.put("resultTtl", Duration.ofMillis(spec.resultTtlMillis()).toString());
        }
        document.put("resultKept", spec.keepResult());
        if (task.payloadBytes() != SeenTask.NONE) {
            Map<String, Object> about = new LinkedHashMap<>();
            about.put("codec", spec.codec());
            about.put("bytes", task.payloadBytes());
            put(about, "fingerprint", spec.fingerprint());
            document.put("payload", about);
        }
        if (task.resultBytes() != SeenTask.NONE && task.failure() == null) {
            Map<String, Object> about = new LinkedHashMap<>();
            put(about, "codec", task.resultCodec());
            about.put("bytes", task.resultBytes());
            document.put("result", about);
        }
        return document;
    }

    private static @Nullable String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    private static void put(Map<String, Object> document, String key, @Nullable Object value) {
        if (value != null) {
            document.put(key, value);
        }
    }
}
