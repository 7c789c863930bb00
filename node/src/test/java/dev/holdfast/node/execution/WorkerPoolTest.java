package dev.holdfast.node.execution;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionEvents;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.node.recovery.GatedLog;
import dev.holdfast.replication.SoloReplicaGroup;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerPoolTest {

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(1);
    /** Only stands in the tasks; nothing asks it. */
    private final Partition partition = Partition.open(
                    new PartitionId(0),
                    new PartitionHost(
                            name -> new ExecutorLimits(1, 1, 1, 1, -1, false, 1, 1, 1),
                            InstantSource.system(),
                            threads,
                            threads,
                            threads,
                            new Deaf(),
                            new WaiterLimit(1),
                            Execution.NONE,
                            1,
                            1),
                    new GatedLog(new PartitionId(0))::reopen,
                    recovered -> new SoloReplicaGroup(recovered.log(), new Epoch(1), SyncPolicy.OS, Optional.empty()))
            .partition();

    private final List<Thread> made = Collections.synchronizedList(new ArrayList<>());

    private WorkerPool pool(int size, WorkerPool.Runner runner) {
        return new WorkerPool(
                "test",
                size,
                worker -> {
                    Thread thread = new Thread(worker);
                    thread.setDaemon(true);
                    made.add(thread);
                    return thread;
                },
                BriefWait.onCores(2),
                runner);
    }

    private QueuedTask task(long sequence) {
        return new QueuedTask(partition, sequence);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static final class Deaf implements PartitionEvents {
        @Override
        public void onRunnable(Partition from, TaskEntry entry) {}

        @Override
        public void onCancelled(Partition from, TaskEntry entry) {}

        @Override
        public void onRemoved(Partition from, TaskEntry entry, Reply.Staleness why) {}

        @Override
        public void onHeld(Partition from, TaskEntry entry) {}

        @Override
        public void onExecutorChanged(Partition from, String executor) {}

        @Override
        public void onLogFailed(Partition from, Throwable cause) {}
    }

    /** Offers meet workers that look, fall asleep, are woken, wait for one another: none may stay in the queue. */
    @Test
    void noTaskIsLeftInTheQueue() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            int size = 1 + random.nextInt(4);
            int offerers = 1 + random.nextInt(3);
            int each = 500 + random.nextInt(1000);
            boolean waits = random.nextBoolean();
            boolean pauses = random.nextBoolean();
            Set<Long> ran = Collections.synchronizedSet(new HashSet<>());
            CountDownLatch left = new CountDownLatch(offerers * each);
            WorkerPool pool = pool(size, (task, own) -> {
                if (waits && task.sequence() % 7 == 0) {
                    WorkerPool blocked = WorkerPool.blockCurrent();
                    Thread.yield();
                    if (blocked != null) {
                        blocked.unblock();
                    }
                }
                ran.add(task.sequence());
                left.countDown();
            });
            pool.start();
            List<Thread> threadsOfRound = new ArrayList<>();
            for (int i = 0; i < offerers; i++) {
                long first = (long) i * each;
                threadsOfRound.add(new Thread(() -> {
                    for (long n = first; n < first + each; n++) {
                        pool.execute(task(n));
                        if (n % 50 == 0) {
                            Thread.yield(); // lets the workers run dry and fall asleep
                        }
                        if (pauses && n % 100 == 0) {
                            pool.setPaused(true);
                            pool.setPaused(false);
                        }
                    }
                }));
            }
            threadsOfRound.forEach(Thread::start);
            assertThat(left.await(20, SECONDS))
                    .as("seed=%s, round=%s, size=%s, waits=%s, left=%s", seed, round, size, waits, left.getCount())
                    .isTrue();
            assertThat(ran).as("seed=%s", seed).hasSize(offerers * each);
            pool.stop();
        }
        await().untilAsserted(() -> assertThat(made).noneMatch(Thread::isAlive));
    }

    @Test
    void atMostPoolSizeRunAtOnceAndThreadsAreMadeOnDemand() throws Exception {
        Semaphore gate = new Semaphore(0);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(20);
        WorkerPool pool = pool(3, (task, own) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            gate.acquireUninterruptibly();
            running.decrementAndGet();
            left.countDown();
        });
        pool.execute(task(0));
        assertThat(made).as("not started yet").isEmpty();
        pool.start();
        await().until(() -> running.get() == 1);
        assertThat(made).hasSize(1);
        for (int i = 1; i < 20; i++) {
            pool.execute(task(i));
        }
        await().until(() -> running.get() == 3);
        gate.release(20);
        assertThat(left.await(20, SECONDS)).isTrue();
        assertThat(most).hasValue(3);
        pool.stop();
    }

    @Test
    void aWorkerThatWaitsIsStoodInForAndThenThereIsNoneTooMany() throws Exception {
        Semaphore second = new Semaphore(0);
        Semaphore gate = new Semaphore(0);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(10);
        WorkerPool pool = pool(1, (task, own) -> {
            if (task.sequence() == 0) {
                WorkerPool blocked = WorkerPool.blockCurrent();
                second.acquireUninterruptibly();
                if (blocked != null) {
                    blocked.unblock();
                }
            } else if (task.sequence() == 1) {
                second.release();
            } else {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                gate.acquireUninterruptibly();
                running.decrementAndGet();
            }
            left.countDown();
        });
        pool.start();
        pool.execute(task(0));
        pool.execute(task(1));
        await().until(() -> left.getCount() == 8);
        await().until(() -> made.stream().filter(Thread::isAlive).count() <= 1);
        for (int i = 2; i < 10; i++) {
            pool.execute(task(i));
        }
        gate.release(10);
        assertThat(left.await(20, SECONDS)).isTrue();
        assertThat(most).hasValue(1);
        pool.stop();
    }

    @Test
    void aStoppedPoolStartsNothingAndItsThreadsEnd() {
        AtomicInteger ran = new AtomicInteger();
        WorkerPool pool = pool(2, (task, own) -> ran.incrementAndGet());
        pool.start();
        pool.execute(task(0));
        await().until(() -> ran.get() == 1);
        pool.stop();
        pool.execute(task(1));
        await().untilAsserted(() -> assertThat(made).noneMatch(Thread::isAlive));
        assertThat(ran).hasValue(1);
    }
}
