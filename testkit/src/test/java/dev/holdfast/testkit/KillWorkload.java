package dev.holdfast.testkit;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SyncPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The process that is killed: a node under load that says what it is told and what it sees. Arguments: data directory, sync
 * policy, life, seed, a file with the ids and unfinished keys known so far, whether this is the last life.
 */
final class KillWorkload {

    private static final int SUBMITTERS = 3;
    private static final int OPERATIONS = 1_500;
    private static final int MAX_CRASHES = 1_000;
    private static final long DEADLINE_SECONDS = 60;

    private final DurableExecutorService executor;
    private final ConcurrentLinkedQueue<Long> ids = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
    private final int life;

    private KillWorkload(DurableExecutorService executor, int life) {
        this.executor = executor;
        this.life = life;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        SyncPolicy sync = SyncPolicy.valueOf(args[1]);
        int life = Integer.parseInt(args[2]);
        long seed = Long.parseLong(args[3]);
        List<String> known = Files.readAllLines(Path.of(args[4]));
        boolean last = Boolean.parseBoolean(args[5]);
        try (HoldfastInstance node = Holdfast.newInstance(config(directory, sync))) {
            Said.say("READY");
            KillWorkload workload = new KillWorkload(node.getDurableExecutorService("work"), life);
            CompletableFuture<?> verified = workload.verify(known);
            if (last) {
                verified.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                workload.awaitEnd();
                workload.list();
                Said.say("FINISHED");
            } else {
                workload.load(seed);
                // The load is done before the kill came: stay until it comes.
                Thread.currentThread().join();
            }
        }
    }

    private static Config config(Path directory, SyncPolicy sync) {
        Config config = new Config().setPartitionCount(4);
        config.getStorageConfig().setDirectory(directory).setSync(sync);
        config.addDurableExecutorConfig(new DurableExecutorConfig("work")
                .setPoolSize(4)
                .setCapacity(100_000)
                .setResultRetention(new ResultRetentionConfig().setMaxResults(1_000_000)));
        return config;
    }

    /** Retrieves all that is known, and submits unanswered keys again. */
    private CompletableFuture<?> verify(List<String> known) {
        return CompletableFuture.allOf(known.stream()
                .map(line -> {
                    long id;
                    if (line.startsWith("key ")) {
                        id = submit(line.substring(4), true, SayingTask.Kind.QUICK)
                                .orElseThrow();
                    } else {
                        id = Long.parseLong(line);
                        ids.add(id);
                    }
                    return watch(id, executor.<String>retrieveResult(id));
                })
                .toArray(CompletableFuture[]::new));
    }

    private void load(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        Thread[] submitters = new Thread[SUBMITTERS];
        for (int i = 0; i < SUBMITTERS; i++) {
            SplittableRandom own = random.split();
            String prefix = "t" + life + "." + i + ".";
            submitters[i] = new Thread(() -> {
                for (int n = 0; n < OPERATIONS; n++) {
                    operate(own, prefix + n);
                }
            });
            submitters[i].start();
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
    }

    private void operate(SplittableRandom random, String token) {
        int choice = random.nextInt(100);
        if (choice < 50) {
            SayingTask.Kind kind = choice < 35
                    ? SayingTask.Kind.QUICK
                    : choice < 41
                            ? SayingTask.Kind.SLOW
                            : choice < 46 ? SayingTask.Kind.FAILING : SayingTask.Kind.LARGE;
            var unused = submit(token, random.nextInt(3) == 0, kind);
        } else if (choice < 60) {
            String key = rotate(keys);
            if (key != null) {
                var unused = submit(key, true, SayingTask.Kind.QUICK);
            }
        } else {
            Long id = rotate(ids);
            if (id != null) {
                operateOn(id, choice);
            }
        }
    }

    private void operateOn(long id, int choice) {
        if (choice < 80) {
            var unused = watch(id, executor.<String>retrieveResult(id));
        } else if (choice < 86) {
            Said.say("DISPOSING %d", id);
            executor.disposeResult(id);
            Said.say("DISPOSED %d", id);
        } else if (choice < 93) {
            Said.say("DISPOSING %d", id);
            var unused = watch(id, executor.<String>retrieveAndDisposeResult(id)).thenAccept(taken -> {
                if (taken) {
                    Said.say("DISPOSED %d", id);
                }
            });
        } else {
            try {
                Said.say("CANCELLING %d", id);
                Said.say("CANCELLED %d %s", id, executor.cancel(id));
            } catch (StaleTaskIdException e) {
                Said.say("STALE %d %s", id, e.reason());
            }
        }
    }

    private OptionalLong submit(String token, boolean keyed, SayingTask.Kind kind) {
        // A task that is killed with its node again and again must not be taken for the killer: it has to end (I2).
        TaskOptions options = TaskOptions.create().label(token).maxCrashes(MAX_CRASHES);
        if (keyed) {
            options = options.idempotencyKey(token);
            keys.add(token);
        }
        Said.say("SUBMITTING %s %s", token, keyed);
        try {
            DurableExecutorServiceFuture<String> future = executor.submit(new SayingTask(token, kind), options);
            Said.say("STORED %s %d", token, future.getTaskId());
            ids.add(future.getTaskId());
            return OptionalLong.of(future.getTaskId());
        } catch (RejectedExecutionException e) {
            Said.say("REFUSED %s", token);
            return OptionalLong.empty();
        }
    }

    /** @return completed with whether it gave the task's end, of whatever kind */
    private static CompletableFuture<Boolean> watch(long id, DurableExecutorServiceFuture<String> future) {
        return future.handle((value, failure) -> {
                    if (failure == null) {
                        Said.say("SEEN %d %s", id, SayingTask.said(value));
                        return true;
                    }
                    Throwable cause = failure instanceof ExecutionException
                                    || failure instanceof java.util.concurrent.CompletionException
                            ? failure.getCause()
                            : failure;
                    if (cause instanceof StaleTaskIdException stale) {
                        Said.say("STALE %d %s", id, stale.reason());
                        return false;
                    }
                    if (failure instanceof CancellationException || cause instanceof CancellationException) {
                        Said.say("SEEN %d !CANCELLED", id);
                    } else if (cause instanceof IllegalStateException thrown) {
                        Said.say("SEEN %d !%s", id, String.valueOf(thrown.getMessage()));
                    } else {
                        Said.say(
                                "SEEN %d !unexpected:%s",
                                id, String.valueOf(cause).replace(' ', '_').replace('\n', '_'));
                        return false;
                    }
                    return true;
                })
                .toCompletableFuture();
    }

    /** Waits for what no id is known of: tasks whose submit was not answered. */
    private void awaitEnd() throws Exception {
        List<TaskInfo> unended;
        try (Stream<TaskInfo> all = executor.tasks(TaskQuery.all())) {
            unended = all.filter(task -> !task.state().isTerminal()).toList();
        }
        for (TaskInfo task : unended) {
            watch(task.taskId(), executor.<String>retrieveResult(task.taskId()))
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void list() {
        try (Stream<TaskInfo> all = executor.tasks(TaskQuery.all())) {
            all.forEach(task -> Said.say("LISTED %d %s %s", task.taskId(), String.valueOf(task.label()), task.state()));
        }
    }

    private static <T> @org.jspecify.annotations.Nullable T rotate(ConcurrentLinkedQueue<T> queue) {
        T next = queue.poll();
        if (next != null) {
            queue.add(next);
        }
        return next;
    }
}
