package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Any thread may look while the partition's holder applies. */
class ReadersTest {

    private static final int READERS = 2;
    private static final int TASKS = 20_000;
    private static final ExecutorLimits LIMITS =
            new ExecutorLimits(1_000, 10, 50, 1_000_000, TaskSpec.NO_TTL, false, TASKS, 10, 1_000);

    private final Ledger ledger = new Ledger(LIMITS);
    private final AtomicLong issued = new AtomicLong();
    private volatile boolean over;

    @Test
    void aReaderNeverMissesATaskWithoutFindingTheReason() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                int seed = i;
                readers.add(pool.submit(() -> read(new SplittableRandom(seed))));
            }
            for (int i = 0; i < TASKS; i++) {
                long sequence = ledger.submit();
                issued.set(sequence);
                ledger.complete(sequence, 1);
                if (i % 3 == 0) {
                    ledger.dispose(sequence);
                }
                ledger.events.take();
            }
            over = true;
            for (Future<Long> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            over = true;
            pool.shutdownNow();
            assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private long read(SplittableRandom random) {
        long reads = 0;
        do {
            long last = issued.get();
            if (last > 0) {
                // Around where tasks are removed at the moment.
                look(Math.max(1, last - random.nextInt(100)));
                reads++;
            }
        } while (!over || reads == 0);
        return reads;
    }

    private void look(long sequence) {
        TaskEntry task = ledger.ledger.find(sequence);
        if (task == null) {
            Staleness why = ledger.ledger.staleness(Ledger.EXECUTOR, sequence);
            Staleness expected = (sequence - 1) % 3 == 0 ? Staleness.DISPOSED : Staleness.EVICTED;
            assertThat(why).as("sequence=%d", sequence).isEqualTo(expected);
        } else {
            assertThat(task.sequence()).isEqualTo(sequence);
        }
    }

    @Test
    void entriesAreOldestFirst() {
        Ledger many = new Ledger(LIMITS);
        for (int i = 0; i < 500; i++) {
            many.submit();
        }
        assertThat(many.ledger.entries()).extracting(TaskEntry::sequence).isSorted();
        assertThat(many.ledger.entries()).hasSize(500);
    }
}
