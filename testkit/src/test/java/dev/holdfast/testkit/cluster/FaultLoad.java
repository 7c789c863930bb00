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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
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
 * return a value made at execution, so that a result that is made again shows. Half of the submits, as the seed says, have an
 * idempotency key; all have a label of their own, by which a {@link Census} counts them.
 */
final class FaultLoad implements AutoCloseable {

    private static final long PAUSE_NANOS = 1_000_000;
    private static final long ANSWER_SECONDS = 60;

    private final DurableExecutorService executor;
    private final String name;
    private final Census census;
    private final Map<String, Told> tasks = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong answers = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    /** What was said of a task. Fields are set once, before anybody else may rely on them. */
    private static final class Told {
        private final long id;
        private final boolean keyed;
        private volatile @Nullable String result;
        private volatile boolean disposing;
        private volatile boolean disposed;

        Told(long id, boolean keyed) {
            this.id = id;
            this.keyed = keyed;
        }
    }

    /**
     * Begins.
     *
     * @param name used once: it is in labels and idempotency keys
     * @param census of all loads of this executor
     */
    FaultLoad(DurableExecutorService executor, String name, Census census, long seed) {
        this.executor = executor;
        this.name = name;
        this.census = census;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3; i++) {
            int number = i;
            SplittableRandom own = random.split();
            begin(() -> submit(number, own));
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

    /** Questions and disposals that nobody answered in time. */
    int unanswered() {
        return unanswered.get();
    }

    /** Answers about tasks that were compared with what had been said before. */
    long answers() {
        return answers.get();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    private void submit(int thread, SplittableRandom random) {
        for (int i = 0; !ended; i++) {
            String token = name + "-" + thread + "-" + i;
            boolean keyed = random.nextBoolean();
            try {
                long id = executor.submit(new Job(token), options(token, keyed)).getTaskId();
                census.acknowledged(token, keyed, id);
                tasks.put(token, new Told(id, keyed));
                stored.incrementAndGet();
            } catch (IndeterminateOutcomeException e) {
                census.unknown(token, keyed);
            } catch (RejectedExecutionException e) {
                census.refused(token, keyed);
            } catch (RuntimeException e) {
                census.unknown(token, keyed);
                violations.add("submit failed: token=" + token + ", keyed=" + keyed + ", cause=" + e);
            }
            LockSupport.parkNanos(PAUSE_NANOS); // the load's rate
        }
    }

    private static TaskOptions options(String token, boolean keyed) {
        TaskOptions labelled = TaskOptions.create().label(token);
        return keyed ? labelled.idempotencyKey(token) : labelled;
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
            unanswered.incrementAndGet(); // nobody who leads it answered in time
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
            unanswered.incrementAndGet();
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

    /**
     * Asks for everything once more, submits what has a key again, which has to get the id that it has, and counts what is stored. Then
     * it disposes of everything, so that the next round finds room and whatever comes late shows.
     */
    void checkAll() {
        for (Map.Entry<String, Told> each : tasks.entrySet()) {
            Told told = each.getValue();
            read(each.getKey(), told);
            if (told.keyed && !told.disposed) {
                long again = executor.submit(new Job(each.getKey()), options(each.getKey(), true))
                        .getTaskId();
                if (again != told.id) {
                    violations.add("entered twice: token=" + each.getKey() + ", ids=" + told.id + ", " + again);
                }
            }
        }
        violations.addAll(census.count(executor, kept()));
        census.found().forEach((token, id) -> {
            Told told = new Told(id, false);
            read(token, told);
            tasks.put(token, told);
        });
        tasks.forEach((token, told) -> {
            executor.disposeResult(told.id);
            census.disposed(token);
        });
    }

    /** What was acknowledged, and nobody has begun to dispose of. */
    private Collection<String> kept() {
        return tasks.entrySet().stream()
                .filter(each -> !each.getValue().disposing)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public void close() throws InterruptedException {
        end();
    }
}
