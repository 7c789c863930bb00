package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.HoldfastNode;
import dev.holdfast.config.Config;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Submit to stored while a checkpoint is written, and while none is: one partition whose live ring is larger than a segment, a
 * fixed number of tasks per second. A submit that was due while another was waited for counts from when it was due, so a
 * stall is not left out. Options: directory, bytes, results, per-second, warm-up, seconds.
 */
final class WhileCheckpointing implements Measurement {

    private static final int SUBMITTERS = 2;
    private static final long LOOK_NANOS = 500_000;
    private static final int SEGMENT_BYTES = 16 << 20;
    private static final String THREAD = "holdfast-checkpoint";

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long measureFromNanos;
    private long endNanos;

    /** What one submitter saw. */
    private static final class Samples {
        final long[] starts;
        final long[] latencies;
        int count;

        Samples(int room) {
            starts = new long[room];
            latencies = new long[room];
        }
    }

    /** Longer than the thread rests between two parts of one checkpoint. */
    private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    /** From when to when the thread that writes checkpoints was at one. */
    private record Busy(long fromNanos, long toNanos) {}

    @Override
    public Figures measure(Options options) throws Exception {
        byte[] payload = Measurement.payload(options);
        int perSecond = options.number("per-second");
        int seconds = options.number("seconds");
        Config config = HoldfastNode.config(options.directory(), Options.POOL_SIZE)
                .setPartitionCount(1)
                .setMaxPayload(SEGMENT_BYTES / 16);
        config.getStorageConfig().setSegmentSize(SEGMENT_BYTES);
        config.getDurableExecutorConfig(HoldfastNode.EXECUTOR)
                .getResultRetention()
                .setMaxResults(options.number("results"));
        try (HoldfastNode node = new HoldfastNode(config)) {
            fill(node, payload, options.number("results"));
            measureFromNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.number("warm-up"));
            endNanos = measureFromNanos + TimeUnit.SECONDS.toNanos(seconds);
            List<Samples> all = new ArrayList<>();
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                Samples samples = new Samples(2 * perSecond * seconds / SUBMITTERS);
                all.add(samples);
                Thread submitter = new Thread(() -> submit(node, payload, perSecond / SUBMITTERS, samples));
                submitters.add(submitter);
                submitter.start();
            }
            List<Busy> busy = watch();
            for (Thread submitter : submitters) {
                submitter.join();
            }
            Throwable problem = failure.get();
            if (problem != null) {
                throw new IllegalStateException("A submit failed; nothing is measured", problem);
            }
            return figures(all, busy);
        }
    }

    private static void fill(HoldfastNode node, byte[] payload, int results) throws Exception {
        for (int i = 0; i < results; i++) {
            var stored = node.submit(payload.clone());
            if (i % 64 == 0) {
                stored.result();
            }
        }
    }

    private void submit(HoldfastNode node, byte[] payload, int perSecond, Samples samples) {
        try {
            long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
            for (long due = System.nanoTime(); due - endNanos < 0; due += period) {
                long start = due;
                while (System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                    start = System.nanoTime(); // that it was woken late is no fault of the node
                }
                var unused = node.submit(payload.clone());
                if (start - measureFromNanos >= 0 && samples.count < samples.starts.length) {
                    samples.starts[samples.count] = start;
                    samples.latencies[samples.count++] = System.nanoTime() - start;
                }
            }
        } catch (RuntimeException problem) {
            failure.compareAndSet(null, problem);
        }
    }

    private List<Busy> watch() {
        List<Busy> busy = new ArrayList<>();
        Thread checkpoints = null;
        long since = 0;
        long lastIdle = System.nanoTime();
        for (long now = lastIdle; now - endNanos < 0; now = System.nanoTime()) {
            if (checkpoints == null || !checkpoints.isAlive()) {
                checkpoints = find();
            }
            Thread.State state = checkpoints == null ? Thread.State.WAITING : checkpoints.getState();
            boolean atWork = state == Thread.State.RUNNABLE || state == Thread.State.BLOCKED;
            if (atWork && since == 0) {
                since = lastIdle;
            } else if (!atWork) {
                if (since != 0) {
                    busy.add(new Busy(since, now));
                    since = 0;
                }
                lastIdle = now;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (since != 0) {
            busy.add(new Busy(since, endNanos));
        }
        return busy;
    }

    private static @Nullable Thread find() {
        Thread[] threads = new Thread[Thread.activeCount() + 16];
        int count = Thread.enumerate(threads);
        return Arrays.stream(threads, 0, count)
                .filter(thread -> thread.getName().startsWith(THREAD))
                .findFirst()
                .orElse(null);
    }

    private static List<Busy> withRests(List<Busy> busy) {
        List<Busy> whole = new ArrayList<>();
        for (Busy each : busy) {
            Busy before = whole.isEmpty() ? null : whole.get(whole.size() - 1);
            if (before != null && each.fromNanos() - before.toNanos() < LONGEST_REST_NANOS) {
                whole.set(whole.size() - 1, new Busy(before.fromNanos(), each.toNanos()));
            } else {
                whole.add(each);
            }
        }
        return whole;
    }

    private Figures figures(List<Samples> all, List<Busy> busy) {
        List<Busy> checkpoints = withRests(busy).stream()
                .filter(each -> each.toNanos() - measureFromNanos > 0)
                .filter(each -> each.toNanos() - each.fromNanos() > 5 * LOOK_NANOS)
                .toList();
        List<Long> with = new ArrayList<>();
        List<Long> without = new ArrayList<>();
        for (Samples samples : all) {
            for (int i = 0; i < samples.count; i++) {
                long from = samples.starts[i];
                long to = from + samples.latencies[i];
                boolean during =
                        checkpoints.stream().anyMatch(each -> from - each.toNanos() <= 0 && to - each.fromNanos() >= 0);
                (during ? with : without).add(samples.latencies[i]);
            }
        }
        double nanos = checkpoints.stream()
                .mapToDouble(each -> each.toNanos() - each.fromNanos())
                .sum();
        Figures figures = new Figures()
                .put("checkpoints", checkpoints.size())
                .put("ms each", nanos / 1e6 / Math.max(1, checkpoints.size()))
                .putLatencies("without", longs(without))
                .putLatencies("with", longs(with));
        double between = figures.values().getOrDefault("with p99.9 us", Double.NaN);
        return figures.put(
                "p99.9 with / without", between / figures.values().getOrDefault("without p99.9 us", Double.NaN));
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
