package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShellWorkersTest {

    private final ShellWorkers workers = new ShellWorkers("test-worker", 3);

    @AfterEach
    void close() {
        assertThat(workers.close(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void everythingOfferedByAnyThreadRunsOnce() throws InterruptedException {
        int posters = 4;
        int each = 20_000;
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(posters * each);
        List<Thread> threads = new ArrayList<>();
        for (int poster = 0; poster < posters; poster++) {
            int pause = poster * 1000;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    workers.execute(() -> {
                        runs.incrementAndGet();
                        all.countDown();
                    });
                    if (i % 64 == 0) { // so that the workers fall asleep now and then
                        LockSupport.parkNanos(pause * 100L);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(all.await(30, TimeUnit.SECONDS)).as("nothing is left behind").isTrue();
        assertThat(runs).hasValue(posters * each);
    }

    @Test
    void whatBlocksLeavesTheOthersToTheRest() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            workers.execute(() -> {
                blocked.countDown();
                await(gate);
            });
        }
        assertThat(blocked.await(10, TimeUnit.SECONDS)).as("each has a thread").isTrue();
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            workers.execute(done::countDown);
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        gate.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aThreadOutlivesWhatItRan() throws InterruptedException {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 10; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            workers.execute(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> ran.countDown());
                seen.add(Thread.currentThread());
                throw new IllegalStateException("meant");
            });
            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(seen).allMatch(Thread::isAlive).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void whatWasOfferedBeforeTheEndRunsAndNothingLater() {
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            workers.execute(runs::incrementAndGet);
        }
        assertThat(workers.close(10, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(100);
        workers.execute(runs::incrementAndGet);
        assertThat(runs).hasValue(100);
    }
}
