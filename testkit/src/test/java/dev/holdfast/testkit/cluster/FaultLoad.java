package dev.holdfast.testkit.cluster;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.HoldfastException;
import dev.holdfast.IndeterminateOutcomeException;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Submits, asks and disposes all the while, and remembers what it was told: nothing of that may ever be taken back. Its tasks
 * return a value made at execution, so that a result that is made again shows.
 */
final class FaultLoad implements AutoCloseable {

    private static final long PAUSE_NANOS = 1_000_000;
    private static final long ANSWER_SECONDS = 60;

    private final DurableExecutorService executor;
    private final String name;
    private final Map<String, Told> tasks = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicLong answers = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    /** What was said of a task. Fields are set once, before anybody else may rely on them. */
    private static final class Told {
        private final long id;
        private volatile @Nullable String result;
        private volatile boolean disposing;
        private volatile boolean disposed;

        Told(long id) {
            this.id = id;
        }
    }

    /** @param name used once: it is in the idempotency keys */
    FaultLoad(DurableExecutorService executor, String name, long seed) {
        this.executor = executor;
        this.name = name;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3; i++) {
            int number = i;
            begin(() -> submit(number));
        }
        for (int i = 0; i < 2; i++) {
            SplittableRandom own = random.split();
            begin(() -> ask(own));
        }
    }

    private void begin(Runnable work) {
        Thread thread = new Thread(work, "load");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Submissions that were acknowledged so far. */
    int stored() {
        return stored.get();
    }

    /** Submissions of which nobody could say whether they are stored, or that were refused. */
    int unknown() {
        return unknown.get();
    }

    /** Answers about tasks that were compared with what had been said before. */
    long answers() {
        return answers.get();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    private void submit(int thread) {
        for (int i = 0; !ended; i++) {
            String token = name + "-" + thread + "-" + i;
            try {
                tasks.put(
                        token,
                        new Told(executor.submit(new Job(token), options(token)).getTaskId()));
                stored.incrementAndGet();
            } catch (IndeterminateOutcomeException | RejectedExecutionException e) {
                unknown.incrementAndGet();
            } catch (RuntimeException e) {
                violations.add("submit failed: token=" + token + ", cause=" + e);
            }
            LockSupport.parkNanos(PAUSE_NANOS); // the load's rate
        }
    }

    private static TaskOptions options(String token) {
        return TaskOptions.create().idempotencyKey(token);
    }

    private void ask(SplittableRandom random) {
        while (!ended) {
            List<String> known = List.copyOf(tasks.keySet());
            for (int i = 0; i < 50 && !known.isEmpty() && !ended; i++) {
                String token = known.get(random.nextInt(known.size()));
                Told told = tasks.get(token);
                if (told != null) {
                    switch (random.nextInt(4)) {
                        case 0 -> look(token, told);
                        case 1 -> dispose(token, told, random);
                        default -> read(token, told);
                    }
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** A result never changes, and does not come back once it is disposed of. */
    private void read(String token, Told told) {
        boolean disposedBefore = told.disposed;
        try {
            DurableExecutorServiceFuture<String> future = executor.retrieveResult(told.id);
            String value = future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (disposedBefore) {
                violations.add("a disposed result was served: token=" + token + ", id=" + told.id);
            }
            compare(token, told, value);
        } catch (TimeoutException e) {
            violations.add("no result in " + ANSWER_SECONDS + " s: token=" + token + ", id=" + told.id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            gone(token, told, e.getCause());
        } catch (RuntimeException e) {
            gone(token, told, e);
        }
    }

    private void compare(String token, Told told, String value) {
        answers.incrementAndGet();
        synchronized (told) {
            if (told.result == null) {
                told.result = value;
            }
        }
        if (!value.equals(told.result) || !value.startsWith(token + "=")) {
            violations.add("a result changed: token=" + token + ", id=" + told.id + ", before=" + told.result + ", now="
                    + value);
        }
    }

    private void gone(String token, Told told, @Nullable Throwable why) {
        if (why instanceof StaleTaskIdException stale) {
            answers.incrementAndGet();
            if (stale.reason() != StaleTaskIdException.Reason.DISPOSED || !told.disposing) {
                violations.add("an acknowledged task is gone: token=" + token + ", id=" + told.id + ", why=" + stale);
            }
        } else if (!(why instanceof HoldfastException)) {
            violations.add("an answer makes no sense: token=" + token + ", id=" + told.id + ", why=" + why);
        }
    }

    /** A task that has been seen to end is not seen unfinished again. */
    private void look(String token, Told told) {
        boolean ended = told.result != null;
        boolean disposedBefore = told.disposed;
        try {
            Optional<TaskInfo> info = executor.getTask(told.id);
            answers.incrementAndGet();
            if (info.isEmpty()) {
                if (!told.disposing) {
                    violations.add("an acknowledged task is not known: token=" + token + ", id=" + told.id);
                }
            } else if (disposedBefore) {
                violations.add("a disposed task is shown: token=" + token + ", info=" + info);
            } else if (ended && info.get().state() != TaskState.COMPLETED) {
                violations.add("a finished task is shown unfinished: token=" + token + ", info=" + info);
            }
        } catch (HoldfastException e) {
            unknown.incrementAndGet(); // nobody who leads it answered in time
        }
    }

    /** One in ten, so that there is something left to ask about. */
    private void dispose(String token, Told told, SplittableRandom random) {
        if (told.result == null || told.disposing || random.nextInt(10) > 0) {
            return;
        }
        told.disposing = true;
        try {
            executor.disposeResult(told.id);
            told.disposed = true;
        } catch (HoldfastException e) {
            if (e instanceof StaleTaskIdException) {
                violations.add("an acknowledged task can not be disposed of: token=" + token + ", why=" + e);
            }
            unknown.incrementAndGet();
        }
    }

    /** Ends the load, and waits until its threads have. */
    void end() throws InterruptedException {
        ended = true;
        for (Thread each : threads) {
            each.join(TimeUnit.SECONDS.toMillis(2 * ANSWER_SECONDS));
            if (each.isAlive()) {
                violations.add("a call never returns: " + List.of(each.getStackTrace()));
            }
        }
    }

    /** Asks for everything once more, and submits it again: each has to get the id that it has. */
    void checkAll() {
        Set<Map.Entry<String, Told>> all = tasks.entrySet();
        for (Map.Entry<String, Told> each : all) {
            Told told = each.getValue();
            read(each.getKey(), told);
            if (!told.disposed) {
                long again = executor.submit(new Job(each.getKey()), options(each.getKey()))
                        .getTaskId();
                if (again != told.id) {
                    violations.add("entered twice: token=" + each.getKey() + ", ids=" + told.id + ", " + again);
                }
            }
        }
        for (Told told : tasks.values()) { // so that the next round finds room
            executor.disposeResult(told.id);
        }
    }

    @Override
    public void close() throws InterruptedException {
        end();
    }
}
