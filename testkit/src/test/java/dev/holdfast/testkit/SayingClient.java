package dev.holdfast.testkit;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Uses an executor whose process may die at any moment, and says what it asks for and what it sees. Thread-safe. */
final class SayingClient {

    static final long DEADLINE_SECONDS = 60;

    /** A task that dies with its node again and again must not be taken for the killer: it has to end (I2). */
    private static final int MAX_CRASHES = 1_000;

    private final DurableExecutorService executor;

    SayingClient(DurableExecutorService executor) {
        this.executor = executor;
    }

    /** @return the id; empty if it was refused */
    OptionalLong submit(String token, boolean keyed, SayingTask.Kind kind) {
        TaskOptions options = TaskOptions.create().label(token).maxCrashes(MAX_CRASHES);
        if (keyed) {
            options = options.idempotencyKey(token);
        }
        Said.say("SUBMITTING %s %s", token, keyed);
        try {
            DurableExecutorServiceFuture<String> future = executor.submit(new SayingTask(token, kind), options);
            Said.say("STORED %s %d", token, future.getTaskId());
            return OptionalLong.of(future.getTaskId());
        } catch (RejectedExecutionException e) {
            Said.say("REFUSED %s", token);
            return OptionalLong.empty();
        }
    }

    /** As {@link #watch(long, CompletionStage)}, of a result that stays. */
    CompletableFuture<Boolean> watch(long id) {
        return watch(id, executor.<String>retrieveResult(id));
    }

    /** @return completed with whether it gave the task's end, of whatever kind */
    CompletableFuture<Boolean> watch(long id, CompletionStage<String> result) {
        return result.handle((value, failure) -> {
                    if (failure != null) {
                        return sayFailure(id, failure);
                    }
                    Said.say("SEEN %d %s", id, SayingTask.said(value));
                    return true;
                })
                .toCompletableFuture();
    }

    private static boolean sayFailure(long id, Throwable failure) {
        boolean wrapped = failure instanceof ExecutionException || failure instanceof CompletionException;
        Throwable cause = wrapped ? failure.getCause() : failure;
        if (cause instanceof StaleTaskIdException stale) {
            Said.say("STALE %d %s", id, stale.reason());
            return false;
        }
        if (cause instanceof CancellationException) {
            Said.say("SEEN %d !CANCELLED", id);
            return true;
        }
        if (cause instanceof IllegalStateException thrown) {
            Said.say("SEEN %d !%s", id, String.valueOf(thrown.getMessage()));
            return true;
        }
        Said.say(
                "SEEN %d !unexpected:%s",
                id, String.valueOf(cause).replace(' ', '_').replace('\n', '_'));
        return false;
    }

    void cancel(long id) {
        try {
            Said.say("CANCELLING %d", id);
            Said.say("CANCELLED %d %s", id, executor.cancel(id));
        } catch (StaleTaskIdException e) {
            Said.say("STALE %d %s", id, e.reason());
        }
    }

    void dispose(long id) {
        Said.say("DISPOSING %d", id);
        executor.disposeResult(id);
        Said.say("DISPOSED %d", id);
    }

    /** Retrieves the result and disposes of it; what was not given is not said to be disposed of. */
    CompletableFuture<?> take(long id) {
        Said.say("DISPOSING %d", id);
        return watch(id, executor.<String>retrieveAndDisposeResult(id)).thenAccept(taken -> {
            if (taken) {
                Said.say("DISPOSED %d", id);
            }
        });
    }

    /** Waits for what no id is known of: tasks whose submit was not answered. */
    void awaitEnd() throws Exception {
        List<TaskInfo> unended;
        try (Stream<TaskInfo> all = executor.tasks(TaskQuery.all())) {
            unended = all.filter(task -> !task.state().isTerminal()).toList();
        }
        for (TaskInfo task : unended) {
            boolean unused = watch(task.taskId()).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    void list() {
        try (Stream<TaskInfo> all = executor.tasks(TaskQuery.all())) {
            all.forEach(task -> Said.say("LISTED %d %s %s", task.taskId(), String.valueOf(task.label()), task.state()));
        }
    }
}
