package dev.holdfast.bench.load;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.TaskOptions;
import dev.holdfast.bench.contender.Echo;
import dev.holdfast.bench.contender.MembersApart;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Two members, durability 2, default settings else; when their logs have the wanted length a third one joins, and gets a copy of
 * every partition, while a client submits at a steady rate. Latencies are from when a submission was due, so that what waits behind a slow one
 * counts as well. Options: directory, bytes, outstanding, megabytes, rate (a second), seconds (of the time before).
 */
final class Join implements Measurement {

    private static final long JOIN_SECONDS = 300;
    private static final TaskOptions OPTIONS = TaskOptions.create();
    private static final int MAX_SAMPLES = 1_000_000;

    private final AtomicReference<Throwable> problem = new AtomicReference<>();
    private Samples samples = new Samples();

    /** Nanoseconds; more than fit are not wanted. */
    private static final class Samples {

        private final long[] nanos = new long[MAX_SAMPLES];
        private int size;

        private synchronized void add(long each) {
            if (size < nanos.length) {
                nanos[size++] = each;
            }
        }

        private synchronized long[] all() {
            return Arrays.copyOf(nanos, size);
        }
    }

    @Override
    public Figures measure(Options options) throws Exception {
        byte[] payload = Measurement.payload(options);
        try (MembersApart members = MembersApart.start(options.directory(), Options.POOL_SIZE, 2, 2)) {
            fill(members, payload, options.number("outstanding"), options.longNumber("megabytes") << 20);
            Thread submitter =
                    new Thread(() -> submit(members.executor(), payload, options.number("rate")), "submitter");
            submitter.setDaemon(true);
            submitter.start();
            TimeUnit.SECONDS.sleep(options.number("seconds")); // the fill's waiting writes, and the compiler
            take();
            TimeUnit.SECONDS.sleep(options.number("seconds"));
            long[] before = take();
            String joiner = members.join();
            double start = nanosUntil(() -> members.isMember(joiner)) / 1e9;
            long[] starting = take();
            double seconds = nanosUntil(() -> members.hasEverything(joiner)) / 1e9;
            long[] during = take();
            double copied = members.diskBytes(joiner) / 1e6;
            Throwable failure = problem.get();
            if (failure != null) {
                throw new IllegalStateException("A submission failed", failure);
            }
            return new Figures()
                    .put("MB", copied)
                    .put("start s", start)
                    .put("catch-up s", seconds)
                    .put("MB/s", copied / seconds)
                    .putLatencies("before", before)
                    .putLatencies("starting", starting)
                    .putLatencies("catching up", during)
                    .put("catching up / before", median(during) / median(before));
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static long nanosUntil(Condition condition) throws Exception {
        long startNanos = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(JOIN_SECONDS)) {
                throw new IllegalStateException("The member does not catch up");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return System.nanoTime() - startNanos;
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }

    private static void fill(MembersApart members, byte[] payload, int most, long bytes) throws Exception {
        Semaphore outstanding = new Semaphore(most);
        while (members.diskBytes() < bytes) {
            for (int i = 0; i < 10_000; i++) {
                outstanding.acquire();
                var unused = members.executor()
                        .submitAsync(new Echo(payload), OPTIONS)
                        .thenCompose(stored -> stored)
                        .whenComplete((result, failure) -> outstanding.release());
            }
        }
        outstanding.acquire(most);
    }

    private void submit(DurableExecutorService executor, byte[] payload, int rate) {
        long gapNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        for (long dueNanos = System.nanoTime(); ; dueNanos += gapNanos) {
            while (System.nanoTime() - dueNanos < 0) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
            long due = dueNanos;
            var unused = executor.submitAsync(new Echo(payload), OPTIONS).whenComplete((stored, failure) -> {
                if (failure != null) {
                    problem.compareAndSet(null, failure);
                }
                add(System.nanoTime() - due);
            });
        }
    }

    private synchronized void add(long nanos) {
        samples.add(nanos);
    }

    /** What has come since the last call. */
    private synchronized long[] take() {
        long[] all = samples.all();
        samples = new Samples();
        return all;
    }
}
