package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One contender under one load, in this JVM: {@code Round CONTENDER PAYLOAD SUBMITTERS OUTSTANDING WARM-UP SECONDS}. */
final class Round {
    private static final int MAX_SAMPLES = 20_000_000;

    private final Contender contender;
    private final Load load;
    private final long measureFromNanos;
    private final long endNanos;
    private final Semaphore outstanding;
    private final long[] samples = new long[MAX_SAMPLES];
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Round(Contender contender, Load load) {
        this.contender = contender;
        this.load = load;
        this.outstanding = new Semaphore(load.outstanding());
        this.measureFromNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(load.warmUpSeconds());
        this.endNanos = measureFromNanos + TimeUnit.SECONDS.toNanos(load.seconds());
    }

    public static void main(String[] args) throws Exception {
        Load load = new Load(number(args, 1), number(args, 2), number(args, 3), number(args, 4), number(args, 5));
        Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "holdfast-bench-");
        try (Contender contender = Contender.open(args[0], directory, Load.POOL_SIZE)) {
            System.out.println(new Round(contender, load).run().toLine());
        } finally {
            delete(directory);
        }
    }

    private Measured run() throws Exception {
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < load.submitters(); i++) {
            Thread submitter = new Thread(this::submitUntilTheEnd, "submitter-" + i);
            submitters.add(submitter);
            submitter.start();
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        if (!outstanding.tryAcquire(load.outstanding(), 1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Tasks do not finish: outstanding="
                    + (load.outstanding() - outstanding.availablePermits()) + ", seconds=60");
        }
        Throwable problem = failure.get();
        if (problem != null) {
            throw new IllegalStateException("A task failed; nothing is measured", problem);
        }
        if (taken.get() > MAX_SAMPLES) {
            throw new IllegalStateException("More tasks than samples are kept: tasks=" + taken.get() + ", samples="
                    + MAX_SAMPLES + "; measure fewer seconds");
        }
        return Measured.of(Arrays.copyOf(samples, taken.get()), load.seconds());
    }

    private void submitUntilTheEnd() {
        byte[] payload = new byte[load.payloadBytes()];
        Arrays.fill(payload, (byte) 'x');
        try {
            while (failure.get() == null) {
                outstanding.acquire();
                long start = System.nanoTime();
                if (start - endNanos >= 0) {
                    outstanding.release();
                    return;
                }
                contender.submit(payload.clone()).whenComplete((result, problem) -> finished(start, problem));
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
            int index = taken.getAndIncrement();
            if (index < MAX_SAMPLES) {
                samples[index] = now - start;
            }
        }
        outstanding.release();
    }

    private static int number(String[] args, int index) {
        return Integer.parseInt(args[index]);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> everything = Files.walk(directory)) {
            for (Path path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
