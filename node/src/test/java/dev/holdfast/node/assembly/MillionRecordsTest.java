package dev.holdfast.node.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableRunnable;
import dev.holdfast.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole node comes back over a long log. How fast is logged and not asserted, for machines differ. */
@Timeout(240)
class MillionRecordsTest {

    private static final Logger LOG = LoggerFactory.getLogger(MillionRecordsTest.class);
    private static final int RECORDS = 1_000_000;
    private static final int TASKS = RECORDS / 2; // each leaves at least two: Submitted and Completed
    private static final int KEPT = 1_000;

    private record Nothing() implements DurableRunnable {
        @Override
        public void run() {}
    }

    @Test
    void aNodeComesBackOverAMillionRecords(@TempDir Path directory) throws Exception {
        // No executor may reject: the submitter is faster than the pool at times.
        Config config = new Config().setPartitionCount(4);
        config.getDurableExecutorConfig("a").setPoolSize(2).setCapacity(TASKS);
        config.getStorageConfig().setDirectory(directory.resolve("data"));
        List<Long> kept = new ArrayList<>();
        try (EmbeddedNode node = EmbeddedNode.start(config, DirectoryStore.open(config))) {
            DurableExecutorService service = node.getDurableExecutorService("a");
            for (int i = 0; i < KEPT; i++) {
                int value = i;
                kept.add(service.submit(() -> "result " + value).getTaskId());
            }
            for (int i = KEPT; i < TASKS; i++) {
                service.execute(new Nothing());
            }
            await().atMost(Duration.ofSeconds(120))
                    .until(() -> service.getStats().completed() == TASKS);
        }
        long start = System.nanoTime();
        try (EmbeddedNode node = EmbeddedNode.start(config, DirectoryStore.open(config))) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            LOG.info(
                    "A node came back: records={}, millis={}, recordsPerSecond={}",
                    node.report().records(),
                    millis,
                    node.report().records() * 1000 / Math.max(1, millis));
            assertThat(node.report().records()).isGreaterThanOrEqualTo(RECORDS);
            assertThat(node.report().unfinished()).isZero();
            DurableExecutorService service = node.getDurableExecutorService("a");
            assertThat(service.getStats().completed()).isEqualTo(TASKS);
            for (int i = 0; i < KEPT; i++) {
                assertThat(service.retrieveResult(kept.get(i)).get(20, SECONDS)).isEqualTo("result " + i);
            }
            assertThat(service.submit(() -> "goes on").get(20, SECONDS)).isEqualTo("goes on");
        }
    }
}
