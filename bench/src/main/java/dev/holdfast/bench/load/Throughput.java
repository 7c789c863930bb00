package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.Contender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Submitters that keep a number of tasks outstanding: per second, submit to result, and what is allocated for each (by the
 * contender and by this class). Options: contender, directory, bytes, submitters, outstanding, warm-up, seconds.
 *
 * <p>Latency under this load is mostly waiting in line. It is no open-loop measurement: a stall of the contender also stops
 * the submitters.
 */
final class Throughput implements Measurement {
    private static final int MAX_SAMPLES = 20_000_000;
    /** Submitters go on beyond the end, so that they are there when what was spent is read. */
    private static final long AFTERRUN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** How a task is submitted. */
    interface Submit {
        CompletionStage<byte[]> to(Contender contender, byte[] payload) throws Exception;
    }

    private final Submit submit;
    private final long[] samples = new long[MAX_SAMPLES];
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private long measureFromNanos;
    private long endNanos;

    Throughput(Submit submit) {
        this.submit = submit;
    }

    @Override
    public Figures measure(Options options) throws Exception {
        int seconds = options.number("seconds");
        int tasks = options.number("outstanding");
        Semaphore outstanding = new Semaphore(tasks);
        try (Contender contender = Measurement.open(options)) {
            measureFromNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.number("warm-up"));
            endNanos = measureFromNanos + TimeUnit.SECONDS.toNanos(seconds);
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < options.number("submitters"); i++) {
                byte[] payload = Measurement.payload(options);
                Thread submitter =
                        new Thread(() -> submitUntilTheEnd(contender, payload, outstanding), "submitter-" + i);
                submitters.add(submitter);
                submitter.start();
            }
            TimeUnit.NANOSECONDS.sleep(measureFromNanos - System.nanoTime());
            Spent before = Spent.now();
            TimeUnit.NANOSECONDS.sleep(endNanos - System.nanoTime());
            Spent spent = Spent.now().since(before);
            for (Thread submitter : submitters) {
                submitter.join();
            }
            if (!outstanding.tryAcquire(tasks, 1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Tasks do not finish: outstanding="
                        + (tasks - outstanding.availablePermits()) + ", seconds=60");
            }
            return figures(seconds, spent);
        }
    }

    private Figures figures(int seconds, Spent spent) {
        Throwable problem = failure.get();
        if (problem != null) {
            throw new IllegalStateException("A task failed; nothing is measured", problem);
        }
        int count = taken.get();
        return new Figures()
                .put("k/s", count / 1000.0 / seconds)
                .putLatencies("result", Arrays.copyOf(samples, Math.min(count, MAX_SAMPLES)))
                .put("cpu us", spent.cpuMicros() / Math.max(1, count))
                .put("allocated B", spent.allocatedBytes() / Math.max(1, count));
    }

    private void submitUntilTheEnd(Contender contender, byte[] payload, Semaphore outstanding) {
        try {
            while (failure.get() == null) {
                outstanding.acquire();
                long start = System.nanoTime();
                if (start - endNanos >= AFTERRUN_NANOS) {
                    outstanding.release();
                    return;
                }
                submit.to(contender, payload.clone()).whenComplete((result, problem) -> {
                    finished(start, problem);
                    outstanding.release();
                });
            }
        } catch (Exception problem) {
            failure.compareAndSet(null, problem);
        }
    }

    private void finished(long start, @Nullable Throwable problem) {
        long now = System.nanoTime();
        if (problem != null) {
            failure.compareAndSet(null, problem);
        } else if (now - measureFromNanos >= 0 && now - endNanos < 0) {
            keep(taken.getAndIncrement(), now - start);
        }
    }

    /** All of them while there is room, then a random sample of all (Vitter 1985, algorithm R). */
    private void keep(int index, long nanos) {
        int place = index < MAX_SAMPLES ? index : ThreadLocalRandom.current().nextInt(index + 1);
        if (place < MAX_SAMPLES) {
            samples[place] = nanos;
        }
    }
}
