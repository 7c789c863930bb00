package dev.holdfast.cli;

import dev.holdfast.DurableExecutorStats.Latency;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Style;
import dev.holdfast.node.admin.SeenExecutor;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Executors as documents: what is not known is not in them. */
final class ExecutorDocuments {

    private ExecutorDocuments() {}

    static Style style(SeenExecutor executor) {
        if (executor.shutdown()) {
            return Style.BAD;
        }
        return executor.paused() ? Style.WARNING : Style.GOOD;
    }

    static Map<String, Object> summary(SeenExecutor executor) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", executor.name());
        document.put("shutdown", executor.shutdown());
        document.put("paused", executor.paused());
        document.put("running", executor.running());
        document.put("waiting", executor.waiting());
        document.put("held", executor.held());
        document.put("results", executor.results());
        Counters counters = executor.counters();
        document.put("completed", counters.completed());
        document.put("failed", counters.failed());
        document.put("cancelled", counters.cancelled());
        document.put("recovered", counters.recovered());
        document.put("evicted", counters.evicted());
        document.put("quarantined", counters.quarantined());
        document.put("parked", counters.parked());
        document.put("retried", counters.retried());
        return document;
    }

    static Map<String, Object> details(SeenExecutor executor) {
        Map<String, Object> document = summary(executor);
        SeenExecutor.Live live = executor.live();
        if (live == null) {
            return document;
        }
        document.put("rejected", live.rejected());
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("poolSize", live.poolSize());
        limits.put("capacity", live.capacity());
        limits.put("maxHeld", live.maxHeld());
        limits.put("maxResults", live.maxResults());
        limits.put("maxBytes", live.maxResultBytes());
        limits.put(
                "ttl",
                live.ttlMillis() == TaskSpec.NO_TTL
                        ? "none"
                        : Duration.ofMillis(live.ttlMillis()).toString());
        limits.put("whenFull", live.rejectWhenFull() ? "REJECT" : "EVICT_OLDEST");
        document.put("limits", limits);
        document.put("submitToStored", latency(live.submitToStored()));
        document.put("submitToResult", latency(live.submitToResult()));
        document.put("execution", latency(live.execution()));
        document.put(
                "attempts",
                live.attempts().stream().map(ExecutorDocuments::attempt).toList());
        return document;
    }

    private static Map<String, Object> latency(Latency latency) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("count", latency.count());
        if (latency.count() > 0) {
            document.put("medianMillis", millis(latency.median()));
            document.put("p99Millis", millis(latency.p99()));
            document.put("p999Millis", millis(latency.p999()));
            document.put("maxMillis", millis(latency.max()));
        }
        return document;
    }

    private static Map<String, Object> attempt(SeenExecutor.Attempt attempt) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("taskId", attempt.task().value());
        document.put("attempt", attempt.attempt());
        document.put("since", Instant.ofEpochMilli(attempt.startedAtMillis()).toString());
        return document;
    }

    /** To the microsecond. */
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    /** Names what there is in place of what is not. */
    static CommandFailure unknown(String name, List<SeenExecutor> known) {
        return new CommandFailure(
                ExitCodes.NOT_FOUND,
                "No such executor: NAME=" + name + ", known: "
                        + (known.isEmpty()
                                ? "none"
                                : String.join(
                                        ", ",
                                        known.stream().map(SeenExecutor::name).toList()))
                        + "; one is made by its first use");
    }
}
