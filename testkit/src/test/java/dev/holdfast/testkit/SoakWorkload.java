package dev.holdfast.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import java.io.File;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The process that soaks: a node whose small ring is written over and over, under a load that is the same in every second,
 * which says what the process takes. Arguments: data directory, seconds between figures, tasks per second, seed, a file with
 * the ids and tokens that were stored and not seen yet, whether this is the last life: that one sees them all, some more, and closes in
 * order.
 */
final class SoakWorkload {

    static final int PARTITIONS = 2;
    static final int RESULTS = 500;

    private static final int SUBMITTERS = 2;
    private static final int OUTSTANDING = 32;
    private static final long SEGMENT_BYTES = 1 << 20;
    private static final int LOOKS_PER_FIGURE = 20;
    private static final int LAST_TASKS = 200;
    private static final long LAST_SECONDS = 60;

    private final DurableExecutorService executor;
    private final AtomicLong completed = new AtomicLong();

    private SoakWorkload(DurableExecutorService executor) {
        this.executor = executor;
    }

    /** Every fourth body is over the inline limit: it stays in the log. */
    private record Job(String token, byte[] ballast) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return token + ":" + "r".repeat(ballast.length);
        }
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        double secondsPerFigure = Double.parseDouble(args[1]);
        int tasksPerSecond = Integer.parseInt(args[2]);
        SplittableRandom random = new SplittableRandom(Long.parseLong(args[3]));
        try (HoldfastInstance node = Holdfast.newInstance(config(directory))) {
            SoakWorkload workload = new SoakWorkload(node.getDurableExecutorService("soak"));
            List<CompletableFuture<?>> seen = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of(args[4]))) {
                String[] words = line.split(" ");
                long id = Long.parseLong(words[0]);
                seen.add(workload.watch(id, words[1], workload.executor.retrieveResult(id)));
            }
            Said.say("READY");
            if (Boolean.parseBoolean(args[5])) {
                for (int i = 0; i < LAST_TASKS; i++) {
                    seen.add(workload.submit(random));
                }
                CompletableFuture.allOf(seen.toArray(CompletableFuture[]::new)).get(LAST_SECONDS, TimeUnit.SECONDS);
                return;
            }
            for (int i = 0; i < SUBMITTERS; i++) {
                SplittableRandom own = random.split();
                Thread submitter = new Thread(() -> workload.submitForEver(own, tasksPerSecond / SUBMITTERS));
                submitter.setDaemon(true);
                submitter.start();
            }
            workload.measureForEver(directory.toFile(), secondsPerFigure);
        }
    }

    private static Config config(Path directory) {
        Config config = new Config().setPartitionCount(PARTITIONS).setMaxPayload(64 * 1024);
        // small tables, so that they are full soon and do not look like growth
        config.getStorageConfig()
                .setDirectory(directory)
                .setSegmentSize(SEGMENT_BYTES)
                .setTombstones(1_000)
                .setIdempotencyKeys(1_000);
        return config.addDurableExecutorConfig(new DurableExecutorConfig("soak")
                .setPoolSize(4)
                .setResultRetention(new ResultRetentionConfig().setMaxResults(RESULTS)));
    }

    private void submitForEver(SplittableRandom random, int perSecond) {
        Semaphore outstanding = new Semaphore(OUTSTANDING);
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long due = System.nanoTime();
        try {
            while (true) {
                due += periodNanos;
                long early = due - System.nanoTime();
                if (early > 0) {
                    TimeUnit.NANOSECONDS.sleep(early); // sleeps because a load is so many tasks in a second
                } else if (early < -TimeUnit.SECONDS.toNanos(1)) {
                    due = System.nanoTime(); // what a slow machine did not do is not caught up with
                }
                outstanding.acquire();
                var unused = submit(random).whenComplete((seen, failure) -> outstanding.release());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<?> submit(SplittableRandom random) {
        String token = Long.toHexString(random.nextLong());
        int length = random.nextInt(4) == 0 ? random.nextInt(5_000, 9_000) : random.nextInt(1_000);
        TaskOptions options = TaskOptions.create().label("soak").maxCrashes(1_000);
        if (random.nextInt(4) == 0) {
            options = options.idempotencyKey(token);
        }
        DurableExecutorServiceFuture<String> future = executor.submit(new Job(token, new byte[length]), options);
        Said.say("STORED %d %s", future.getTaskId(), token);
        boolean dispose = random.nextInt(3) == 0;
        return watch(future.getTaskId(), token, future).thenRun(() -> {
            if (dispose) {
                executor.disposeResult(future.getTaskId());
            }
        });
    }

    private CompletableFuture<?> watch(long id, String token, DurableExecutorServiceFuture<String> future) {
        return future.handle((value, failure) -> {
                    completed.incrementAndGet();
                    if (failure == null) {
                        Said.say("SEEN %d %s", id, value.startsWith(token + ":") ? "right" : "wrong");
                    } else {
                        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                        Said.say(
                                "SEEN %d %s",
                                id,
                                cause instanceof StaleTaskIdException stale
                                        ? stale.reason()
                                        : cause.getClass().getSimpleName());
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    /** Means over the time since the last figures; the heap after a collection. */
    private void measureForEver(File directory, double secondsPerFigure) throws InterruptedException {
        long startNanos = System.nanoTime();
        long betweenNanos = (long) (secondsPerFigure * 1e9 / LOOKS_PER_FIGURE);
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            double handles = 0;
            double threads = 0;
            double disk = 0;
            for (int look = 0; look < LOOKS_PER_FIGURE; look++) {
                if (never.await(betweenNanos, TimeUnit.NANOSECONDS)) {
                    return;
                }
                handles += openFiles();
                threads += ManagementFactory.getThreadMXBean().getThreadCount();
                disk += bytesIn(directory);
            }
            System.gc();
            Said.say(
                    "%s",
                    String.format(
                            Locale.ROOT,
                            "FIGURES %.1f %d %.0f %.2f %.2f %.0f %.0f",
                            (System.nanoTime() - startNanos) / 1e9,
                            completed.get(),
                            (double) ManagementFactory.getMemoryMXBean()
                                    .getHeapMemoryUsage()
                                    .getUsed(),
                            handles / LOOKS_PER_FIGURE,
                            threads / LOOKS_PER_FIGURE,
                            metaspace(),
                            disk / LOOKS_PER_FIGURE));
        }
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static double metaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToDouble((MemoryPoolMXBean pool) -> pool.getUsage().getUsed())
                .sum();
    }

    /** What is deleted meanwhile counts nothing. */
    private static long bytesIn(File file) {
        File[] children = file.listFiles();
        if (children == null) {
            return file.length();
        }
        long bytes = 0;
        for (File child : children) {
            bytes += bytesIn(child);
        }
        return bytes;
    }
}
