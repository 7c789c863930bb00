package dev.holdfast.node.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import java.io.File;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a ring that is written over and over takes of the disk. The log goes on growing while a checkpoint is written, as fast as it
 * is written to: small segments are full before, so that there the load waits for checkpoints; with larger ones it waits for
 * nothing, but it has a pace.
 */
class DiskBoundTest {

    private static final Logger LOG = LoggerFactory.getLogger(DiskBoundTest.class);

    /** What a segment's file is longer than the segment until it is full, for what Chronicle keeps in it; most of that is a hole. */
    private static final int AROUND_A_SEGMENT = 704 * 1024;

    private static final int BODY_BYTES = 3_000;
    private static final int WRAPS = 101;
    private static final int AT_ONCE = 20;

    /** What a record has beside its body: its frame, names, numbers. */
    private static final int AROUND_A_BODY = 250;

    @TempDir
    Path directory;

    private record Job(byte[] body) implements Callable<byte[]>, Serializable {
        @Override
        public byte[] call() {
            return body;
        }
    }

    private Config config(int segmentBytes, int results) {
        Config config = new Config().setPartitionCount(1).setMaxPayload(64 * 1024);
        config.getStorageConfig().setDirectory(directory).setSegmentSize(segmentBytes);
        return config.addDurableExecutorConfig(new DurableExecutorConfig("ring")
                .setPoolSize(2)
                .setResultRetention(new ResultRetentionConfig().setMaxResults(results)));
    }

    @Test
    @Timeout(120)
    void aHundredWrapsOfARingLargerThanASegmentStayUnderThreeTimesWhatIsLiveAndSixSegments() throws Exception {
        wrap(256 * 1024, 100, Integer.MAX_VALUE);
    }

    @Test
    @Timeout(600)
    @Tag("faults")
    @Tag("suite-disk")
    void aHundredWrapsAtThreeThousandTasksASecondThatWaitForNothingStayUnderThatToo() throws Exception {
        wrap(8 * 1024 * 1024, 3_000, 3_000);
    }

    /** @param perSecond at most; with no limit the load waits for a checkpoint where the next two segments could be too much */
    private void wrap(int segmentBytes, int results, int perSecond) throws Exception {
        boolean waits = perSecond == Integer.MAX_VALUE;
        long periodNanos = TimeUnit.SECONDS.toNanos(1) * AT_ONCE / perSecond;
        long fileBytes = (long) segmentBytes + AROUND_A_SEGMENT;
        File partition = directory.resolve("partition-0000").toFile();
        long live = (results + AT_ONCE) * (long) (BODY_BYTES + AROUND_A_BODY);
        long bound = 3 * live + 6 * fileBytes;
        AtomicLong most = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        Thread watcher = new Thread(() -> {
            while (!done.get()) {
                most.accumulateAndGet(bytesIn(partition), Math::max);
                LockSupport.parkNanos(500_000);
            }
        });
        long segments;
        double perSecondReached;
        long waited = 0;
        try (HoldfastInstance node = Holdfast.newInstance(config(segmentBytes, results))) {
            watcher.start();
            long startNanos = System.nanoTime();
            DurableExecutorService ring = node.getDurableExecutorService("ring");
            for (int i = 0; i < WRAPS * results / AT_ONCE; i++) {
                while (System.nanoTime() - startNanos < i * periodNanos) {
                    LockSupport.parkNanos(periodNanos);
                }
                runSome(ring);
                if (waits && bytesIn(partition) > bound - 2 * fileBytes) { // a checkpoint is due, or under way
                    waited++;
                    await().atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> bytesIn(partition) <= bound - 2 * fileBytes);
                }
            }
            perSecondReached = WRAPS * results / ((System.nanoTime() - startNanos) / 1e9);
            segments = highestSegment(partition);
        } finally {
            done.set(true);
            watcher.join();
        }
        String figures = String.format(
                Locale.ROOT,
                "FIGURES disk bound wraps=%d, tasks=%d, tasksPerSecond=%.0f, segments=%d, waits=%d, liveBytes=%d, segmentBytes=%d, mostBytes=%d, bound=%d",
                WRAPS,
                WRAPS * results,
                perSecondReached,
                segments,
                waited,
                live,
                segmentBytes,
                most.get(),
                bound);
        LOG.info(figures);
        if (!waits) {
            assertThat(perSecondReached).as(figures).isGreaterThan(perSecond * 0.8);
        }
        assertThat(live).as(figures).isGreaterThan(segmentBytes);
        assertThat(segments).as(figures).isGreaterThan(WRAPS);
        assertThat(most.get()).as(figures).isBetween(live, bound);
    }

    private static void runSome(DurableExecutorService ring) throws Exception {
        List<CompletableFuture<?>> running = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            running.add(ring.submitAsync(new Job(new byte[BODY_BYTES]), TaskOptions.create())
                    .thenCompose(stored -> stored)
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    private static long highestSegment(File partition) {
        String[] names = partition.list((folder, name) -> name.startsWith("segment-"));
        assertThat(names).isNotEmpty();
        long highest = 0;
        for (String name : names) {
            highest = Math.max(highest, Long.parseLong(name.substring("segment-".length())));
        }
        return highest;
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
