package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteOutTest {

    private final WriteOut writeOut = new WriteOut("write-out-of-a-test");

    @AfterEach
    void close() {
        writeOut.close(10, TimeUnit.SECONDS);
    }

    private static void take(long nanos) {
        long endNanos = System.nanoTime() + nanos;
        while (System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(endNanos - System.nanoTime());
        }
    }

    @Test
    void afterEachForceTheDiskIsLeftToOthersForThreeTimesAsLong() throws Exception {
        AtomicLong tookNanos = new AtomicLong();
        AtomicLong endedNanos = new AtomicLong();
        AtomicLong nextNanos = new AtomicLong();
        CountDownLatch both = new CountDownLatch(2);
        writeOut.execute(() -> {
            long startNanos = System.nanoTime();
            take(TimeUnit.MILLISECONDS.toNanos(20));
            endedNanos.set(System.nanoTime());
            tookNanos.set(endedNanos.get() - startNanos);
            both.countDown();
        });
        writeOut.execute(() -> {
            nextNanos.set(System.nanoTime());
            both.countDown();
        });
        assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(nextNanos.get() - endedNanos.get()).isGreaterThanOrEqualTo(3 * tookNanos.get());
    }

    @Test
    void logsAreForcedOneAfterTheOtherInTheOrderInWhichTheyAsked() {
        List<Integer> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 5; i++) {
            int log = i;
            writeOut.execute(() -> order.add(log));
        }
        Awaitility.await().until(() -> order.size() == 5);
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aCloseWaitsForTheForceUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> done = new CopyOnWriteArrayList<>();
        writeOut.execute(() -> {
            begun.countDown();
            awaitQuietly(goOn);
            take(TimeUnit.MILLISECONDS.toNanos(20));
            done.add("force");
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
        writeOut.close(10, TimeUnit.SECONDS);
        assertThat(done).containsExactly("force");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
