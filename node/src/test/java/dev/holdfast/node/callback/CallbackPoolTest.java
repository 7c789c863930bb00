package dev.holdfast.node.callback;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.execution.BriefWait;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CallbackPoolTest {

    private static final int MAX_THREADS = 4;

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final List<CallbackPool> pools = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    private CallbackPool pool(BriefWait briefWait) {
        CallbackPool pool = new CallbackPool("test-callback", MAX_THREADS, briefWait, look -> {
            var unused = timer.schedule(look, CallbackPool.LOOK_MILLIS, MILLISECONDS);
        });
        pools.add(pool);
        return pool;
    }

    private CallbackPool pool() {
        return pool(BriefWait.onCores(2));
    }

    @AfterEach
    void end() {
        released.countDown();
        pools.forEach(pool -> pool.close(10, SECONDS));
        timer.shutdownNow();
    }

    private void block() {
        try {
            assertThat(released.await(30, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletableFuture<String> threadOf(java.util.concurrent.Executor executor) {
        return CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), executor);
    }

    @Test
    void callbacksRunOnThreadsOfThePool() throws Exception {
        CallbackPool pool = pool();
        assertThat(threadOf(pool).get(10, SECONDS)).startsWith("test-callback-");
        assertThat(threadOf(pool.here()).get(10, SECONDS)).startsWith("test-callback-");
    }

    @Test
    void othersHelpWhileACallbackBlocks() throws Exception {
        CallbackPool pool = pool();
        for (int i = 0; i < MAX_THREADS - 1; i++) {
            pool.execute(this::block);
        }
        assertThat(threadOf(pool).get(10, SECONDS)).startsWith("test-callback-");
    }

    @Test
    void noMoreThreadsThanAllowedAreMade() throws Exception {
        CallbackPool pool = pool();
        CountDownLatch blocked = new CountDownLatch(MAX_THREADS);
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < 3 * MAX_THREADS; i++) {
            pool.execute(() -> {
                begun.incrementAndGet();
                blocked.countDown();
                block();
            });
        }
        assertThat(blocked.await(10, SECONDS)).isTrue();
        assertThat(begun).hasValue(MAX_THREADS);
    }

    @Test
    void oneThatIsHandedOverByThePoolsThreadMayRunAtOnce() throws Exception {
        CallbackPool pool = pool();
        CompletableFuture<Boolean> ranBefore = new CompletableFuture<>();
        pool.execute(() -> {
            AtomicInteger ran = new AtomicInteger();
            pool.here().execute(ran::incrementAndGet);
            ranBefore.complete(ran.get() == 1);
        });
        assertThat(ranBefore.get(10, SECONDS)).isTrue();
    }

    @Test
    void oneThatIsToRunLaterDoesSoAlsoWhereThePoolsThreadHandsItOver() throws Exception {
        CallbackPool pool = pool();
        CompletableFuture<Integer> ranBefore = new CompletableFuture<>();
        pool.execute(() -> {
            AtomicInteger ran = new AtomicInteger();
            pool.execute(ran::incrementAndGet);
            ranBefore.complete(ran.get());
        });
        assertThat(ranBefore.get(10, SECONDS)).isZero();
    }

    @Test
    void anotherPoolsThreadIsNotTakenForOneOfThis() throws Exception {
        CallbackPool other = new CallbackPool("other", 1, BriefWait.none(), look -> {});
        pools.add(other);
        CallbackPool pool = pool();
        CompletableFuture<String> thread = new CompletableFuture<>();
        other.execute(() ->
                pool.here().execute(() -> thread.complete(Thread.currentThread().getName())));
        assertThat(thread.get(10, SECONDS)).startsWith("test-callback-");
    }

    @Test
    void aLongChainNestsOnlySoDeep() throws Exception {
        CallbackPool pool = pool();
        int length = 10_000;
        int[] depths = {0, 0}; // now, and the most
        CompletableFuture<Integer> most = new CompletableFuture<>();
        pool.execute(new Runnable() {
            private int left = length;

            @Override
            public void run() {
                depths[1] = Math.max(depths[1], ++depths[0]);
                if (--left == 0) {
                    most.complete(depths[1]);
                } else {
                    pool.here().execute(this);
                }
                depths[0]--;
            }
        });
        assertThat(most.get(30, SECONDS)).isBetween(2, CallbackPool.MAX_NESTED + 1);
    }

    @Test
    void aCallbackThatThrowsCostsNobodyElseAnything() throws Exception {
        CallbackPool pool = new CallbackPool("one", 1, BriefWait.none(), look -> {});
        pools.add(pool);
        pool.execute(() -> {
            throw new AssertionError("on purpose");
        });
        assertThat(threadOf(pool).get(10, SECONDS)).isEqualTo("one-1");
    }

    @Test
    void aCallbacksInterruptIsNotLeftForTheNext() throws Exception {
        CallbackPool pool = pool(BriefWait.none());
        pool.execute(() -> Thread.currentThread().interrupt());
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        pool.execute(() -> interrupted.complete(Thread.currentThread().isInterrupted()));
        assertThat(interrupted.get(10, SECONDS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noCallbackIsLeftBehind(boolean staysAwake) throws Exception {
        CallbackPool pool = pool(staysAwake ? BriefWait.onCores(2) : BriefWait.none());
        long seed = new SplittableRandom().nextLong();
        int producers = 3;
        int each = 20_000;
        CountDownLatch all = new CountDownLatch(producers * each);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<Thread> offering = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            Thread producer = new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    pool.execute(() -> {
                        threads.add(Thread.currentThread().getName());
                        all.countDown();
                    });
                    if (random.nextInt(8) == 0) {
                        LockSupport.parkNanos(random.nextInt(60_000)); // around the moment when its thread falls asleep
                    }
                }
            });
            offering.add(producer);
            producer.start();
        }
        assertThat(all.await(40, SECONDS)).as("seed=%d", seed).isTrue();
        for (Thread producer : offering) {
            producer.join();
        }
        assertThat(threads).as("seed=%d", seed).hasSizeLessThanOrEqualTo(MAX_THREADS);
    }

    /** Threads that end at once meet offers, and nobody looks: each time one is gone another has to be made. */
    @Test
    void noCallbackIsLeftBehindWhileThreadsEnd() throws Exception {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        CallbackPool pool = new CallbackPool("ending", 1, 0, BriefWait.none(), look -> {});
        pools.add(pool);
        for (int i = 0; i < 30_000; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            pool.execute(ran::countDown);
            assertThat(ran.await(20, SECONDS))
                    .as("seed=%d, callback=%d", seed, i)
                    .isTrue();
            long goOnNanos = System.nanoTime() + random.nextInt(4_000); // around the moment when its thread ends
            while (System.nanoTime() - goOnNanos < 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aCloseLetsRunWhatIsDueAndTakesNothingMore() {
        CallbackPool pool = pool();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            pool.execute(ran::incrementAndGet);
        }
        assertThat(pool.close(10, SECONDS)).isTrue();
        assertThat(ran).hasValue(1000);
        assertThatThrownBy(() -> pool.execute(ran::incrementAndGet)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aCloseDoesNotWaitForEverForACallbackThatBlocks() throws Exception {
        CallbackPool pool = new CallbackPool("stuck", 2, BriefWait.none(), look -> {}); // and nobody looks
        pools.add(pool);
        CountDownLatch blocked = new CountDownLatch(1);
        CompletableFuture<Integer> behind = new CompletableFuture<>();
        pool.execute(() -> {
            blocked.countDown();
            block();
        });
        assertThat(blocked.await(10, SECONDS)).isTrue();
        pool.execute(() -> behind.complete(1));
        assertThat(pool.close(2, SECONDS)).isFalse();
        assertThat(behind).isCompletedWithValue(1);
    }
}
