package dev.holdfast.node.partition;

import static dev.holdfast.node.partition.PartitionFixture.EXECUTOR;
import static dev.holdfast.node.partition.PartitionFixture.complete;
import static dev.holdfast.node.partition.PartitionFixture.submit;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PartitionTest {

    @Test
    void whatArrivesWhileAnotherHoldsThePartitionIsAppendedInOneRun() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            fixture.submitted();
            fixture.log.holdAppends();
            CompletableFuture<Reply> holder = fixture.postOnAnotherThread(submit());
            await().until(fixture.log::hasWaitingAppend);
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                replies.add(fixture.post(submit()));
            }
            assertThat(replies).noneMatch(CompletableFuture::isDone);
            fixture.log.letAppendsGo();
            holder.get(10, SECONDS);
            for (CompletableFuture<Reply> reply : replies) {
                assertThat(reply.get(10, SECONDS)).isInstanceOf(Reply.Stored.class);
            }
            assertThat(fixture.log.runs()).containsExactly(2, 1, 20); // the first with the epoch
        }
    }

    @Test
    void aBatchIsLimitedInCommandsAndInBytes() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 8)) {
            fixture.submitted();
            fixture.log.holdAppends();
            CompletableFuture<Reply> holder = fixture.postOnAnotherThread(submit());
            await().until(fixture.log::hasWaitingAppend);
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                replies.add(fixture.post(submit(1)));
            }
            for (int i = 0; i < 3; i++) {
                replies.add(fixture.post(submit(3 << 20)));
            }
            fixture.log.letAppendsGo();
            holder.get(10, SECONDS);
            for (CompletableFuture<Reply> reply : replies) {
                reply.get(10, SECONDS);
            }
            assertThat(fixture.log.runs()).containsExactly(2, 1, 8, 4, 1);
        }
    }

    /** Posters stop draining after a few batches, find the lock taken, come too late: nothing may stay in the inbox. */
    @Test
    void noCommandIsLeftBehind() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            int posters = 2 + random.nextInt(3);
            int each = 200 + random.nextInt(1500);
            int maxBatch = 1 + random.nextInt(16);
            try (PartitionFixture fixture = new PartitionFixture(
                    random.nextBoolean() ? SyncPolicy.OS : SyncPolicy.ALWAYS, Integer.MAX_VALUE, maxBatch)) {
                CountDownLatch answered = new CountDownLatch(posters * each);
                AtomicInteger wrong = new AtomicInteger();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < posters; i++) {
                    threads.add(new Thread(() -> {
                        for (int n = 0; n < each; n++) {
                            fixture.partition.post(submit(), reply -> {
                                if (!(reply instanceof Reply.Stored)) {
                                    wrong.incrementAndGet();
                                }
                                answered.countDown();
                            });
                        }
                    }));
                }
                threads.forEach(Thread::start);
                assertThat(answered.await(30, SECONDS))
                        .as("seed=%s, round=%s, unanswered=%s", seed, round, answered.getCount())
                        .isTrue();
                assertThat(wrong).as("seed=%s", seed).hasValue(0);
                Set<Long> sequences = new HashSet<>();
                fixture.log.records().stream()
                        .filter(LogRecord.Submitted.class::isInstance)
                        .forEach(record -> sequences.add(((LogRecord.Submitted) record).sequence()));
                assertThat(sequences).as("seed=%s", seed).hasSize(posters * each);
                assertThat(fixture.runnable).as("seed=%s", seed).hasSize(posters * each);
            }
        }
    }

    @Test
    void aFullInboxRejectsSubmitsOnly() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 3, 256)) {
            long first = fixture.submitted();
            fixture.log.holdAppends();
            CompletableFuture<Reply> holder = fixture.postOnAnotherThread(submit());
            await().until(fixture.log::hasWaitingAppend);
            assertThat(fixture.partition.post(submit(), reply -> {})).isTrue();
            assertThat(fixture.partition.post(submit(), reply -> {})).isTrue();
            assertThat(fixture.partition.post(submit(), reply -> {})).isFalse();
            CompletableFuture<Reply> completed = fixture.post(complete(first));
            CompletableFuture<Reply> disposed = fixture.post(new Command.Dispose(EXECUTOR, first));
            fixture.log.letAppendsGo();
            holder.get(10, SECONDS);
            assertThat(completed.get(10, SECONDS)).isEqualTo(new Reply.Done(true));
            assertThat(disposed.get(10, SECONDS)).isEqualTo(new Reply.Done(true));
            fixture.submitted(); // there is room again
        }
    }

    @Test
    void withSyncAlwaysNothingIsToldBeforeTheForce() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.ALWAYS, 1000, 256)) {
            fixture.log.holdForces();
            CompletableFuture<Reply> first = fixture.post(submit());
            await().until(fixture.log::hasWaitingForce);
            CompletableFuture<Reply> second = fixture.post(submit());
            assertThat(fixture.log.records()).hasSize(3);
            assertThat(first).isNotDone();
            assertThat(fixture.partition.find(1)).isNull();
            assertThat(fixture.runnable).isEmpty();
            assertThat(fixture.log.marked()).isZero();

            fixture.log.letOneForceGo();
            assertThat(first.get(10, SECONDS)).isEqualTo(new Reply.Stored(1, false));
            assertThat(second).isNotDone();
            assertThat(fixture.partition.find(1)).isNotNull();
            assertThat(fixture.partition.find(2)).isNull();

            fixture.log.letForcesGo();
            assertThat(second.get(10, SECONDS)).isEqualTo(new Reply.Stored(2, false));
            assertThat(fixture.log.marked()).isEqualTo(3);
        }
    }

    @Test
    void afterAFailedForceNothingIsAcknowledged() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.ALWAYS, 1000, 256)) {
            fixture.log.holdForces();
            CompletableFuture<Reply> stored = fixture.post(submit());
            await().until(fixture.log::hasWaitingForce);
            fixture.log.fail();
            fixture.log.letForcesGo();
            await().until(() -> !fixture.failures.isEmpty());
            fixture.partition.fail("as its node does");
            assertThat(stored.get(10, SECONDS)).isEqualTo(new Reply.Unanswered("as its node does"));
            assertThat(fixture.partition.find(1)).isNull();
            assertThat(fixture.log.marked()).isZero();
            assertThat(fixture.partition.post(submit(), reply -> {})).isFalse();
        }
    }

    @Test
    void aFailedAppendStopsTheNodeAndAnswersEverybody() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            long waiting = fixture.submitted();
            CompletableFuture<Reply> waiter = new CompletableFuture<>();
            var handle = fixture.partition.await(EXECUTOR, waiting, waiter::complete);
            fixture.log.fail();
            assertThat(fixture.post(submit()).get(10, SECONDS)).isInstanceOf(Reply.Unanswered.class);
            assertThat(waiter.get(10, SECONDS)).isInstanceOf(Reply.Unanswered.class);
            assertThat(fixture.failures).hasSize(1);
            assertThat(fixture.partition.problem()).contains("partition 3").contains("restart");
            assertThat(fixture.partition.post(complete(waiting), reply -> {})).isFalse();
            handle.close();
        }
    }

    @Test
    void aFullLogRefusesSubmitsWhileTasksEnd() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            long task = fixture.submitted();
            fixture.log.setFull(true);
            fixture.log.holdAppends();
            CompletableFuture<Reply> holder = fixture.postOnAnotherThread(submit());
            await().until(fixture.log::hasWaitingAppend);
            CompletableFuture<Reply> refused = fixture.post(submit());
            CompletableFuture<Reply> completed = fixture.post(complete(task));
            fixture.log.letAppendsGo();
            assertThat(refused.get(10, SECONDS)).isInstanceOfSatisfying(Reply.Refused.class, reply -> {
                assertThat(reply.refusal()).isEqualTo(Refusal.SPACE);
                assertThat(reply.message()).contains("executor=e").contains("partition=3");
            });
            assertThat(completed.get(10, SECONDS)).isEqualTo(new Reply.Done(true));
            assertThat(holder.get(10, SECONDS)).isInstanceOf(Reply.Refused.class);
            fixture.log.setFull(false);
            assertThat(fixture.submitted()).as("no sequence was lost").isEqualTo(2);
        }
    }

    /** A refusal would say "not stored" of a task that runs. */
    @Test
    void aFullLogRefusesNoSubmitThatCameBeforeAndIsStored() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            Command.Submit call = submit().requestedBy(new RequestId(new UUID(1, 2), 1, 1));
            Reply.Stored first = fixture.ask(call, Reply.Stored.class);
            fixture.log.setFull(true);
            fixture.log.holdAppends();
            CompletableFuture<Reply> holder = fixture.postOnAnotherThread(submit());
            await().until(fixture.log::hasWaitingAppend);
            CompletableFuture<Reply> again = fixture.post(call);
            CompletableFuture<Reply> refused = fixture.post(submit());
            fixture.log.letAppendsGo();
            assertThat(again.get(10, SECONDS)).isEqualTo(first);
            assertThat(refused.get(10, SECONDS)).isInstanceOf(Reply.Refused.class);
            assertThat(holder.get(10, SECONDS)).isInstanceOf(Reply.Refused.class);
        }
    }

    @Test
    void whatFindsNoRoomAtAllIsKeptUntilThereIs() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            long task = fixture.submitted();
            fixture.log.setRoomForNothing(true);
            CompletableFuture<Reply> completed = fixture.post(complete(task));
            assertThat(fixture.ask(submit(), Reply.Refused.class).refusal()).isEqualTo(Refusal.SPACE);
            assertThat(completed).isNotDone();
            fixture.log.setRoomForNothing(false);
            assertThat(completed.get(10, SECONDS)).isEqualTo(new Reply.Done(true));
            fixture.submitted();
        }
    }

    @Test
    void waitersAreToldOnceAndCanBeTakenBack() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            long task = fixture.submitted();
            List<Reply> told = new ArrayList<>();
            List<Reply> takenBack = new ArrayList<>();
            var first = fixture.partition.await(EXECUTOR, task, told::add);
            var second = fixture.partition.await(EXECUTOR, task, takenBack::add);
            var third = fixture.partition.await(EXECUTOR, task, told::add);
            second.close();
            assertThat(fixture.waiterLimit.waiting()).isEqualTo(2);
            fixture.ask(complete(task), Reply.Done.class);
            assertThat(told).hasSize(2).allMatch(Reply.Ended.class::isInstance);
            assertThat(takenBack).isEmpty();
            assertThat(fixture.waiterLimit.waiting()).isZero();
            first.close();
            third.close();
            assertThat(fixture.waiterLimit.waiting()).isZero();

            fixture.partition.await(EXECUTOR, task, told::add).close();
            fixture.partition.await(EXECUTOR, 99, told::add).close();
            fixture.partition.await("other", task, told::add).close();
            assertThat(told.get(2)).isInstanceOf(Reply.Ended.class);
            assertThat(told.get(3)).isEqualTo(new Reply.Stale(Reply.Staleness.UNKNOWN));
            assertThat(told.get(4)).isEqualTo(new Reply.Stale(Reply.Staleness.UNKNOWN));
        }
    }

    @Test
    void waitersAreLimited() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            long task = fixture.submitted();
            List<AutoCloseable> handles = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                handles.add(fixture.partition.await(EXECUTOR, task, reply -> {}));
            }
            assertThatThrownBy(() -> fixture.partition.await(EXECUTOR, task, reply -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("max-waiters=4");
            handles.get(0).close();
            handles.add(fixture.partition.await(EXECUTOR, task, reply -> {}));
            for (AutoCloseable handle : handles) {
                handle.close();
            }
            assertThat(fixture.waiterLimit.waiting()).isZero();
        }
    }

    @Test
    void sequencesAreReservedBeforeTheyAreIssued() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            long last = 0;
            while (last < SequenceLimits.STEP + 1000) {
                Reply reply = fixture.post(submit()).get(10, SECONDS);
                if (reply instanceof Reply.Stored stored) {
                    assertThat(stored.sequence()).isEqualTo(last + 1);
                    last = stored.sequence();
                    if (last >= fixture.log.reservedEndExclusive()) {
                        throw new AssertionError("Issued before it was reserved: sequence=" + last);
                    }
                }
            }
            assertThat(fixture.log.reservedEndExclusive()).isGreaterThan(SequenceLimits.STEP + 1L);
        }
    }

    @Test
    void aCheckpointHoldsTheRing() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
            fixture.submitted();
            fixture.ask(complete(1), Reply.Done.class);
            fixture.log.setCheckpointDue();
            await().until(() -> {
                fixture.submitted();
                return !fixture.log.checkpointItems().isEmpty();
            });
            assertThat(fixture.log.checkpointItems())
                    .anyMatch(item -> item instanceof SnapshotItem.OfTask task
                            && task.sequence() == 1
                            && task.state() == SnapshotItem.State.COMPLETED);
        }
    }

    @Test
    void resultsWithATimeToLiveAreSweptByThemselves() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256, 50)) {
            long task = fixture.submitted();
            fixture.ask(complete(task), Reply.Done.class);
            assertThat(fixture.partition.find(task)).isNotNull();
            await().until(() -> fixture.partition.find(task) == null);
            assertThat(fixture.partition.staleness(EXECUTOR, task)).isEqualTo(Reply.Staleness.EVICTED);
        }
    }

    @Test
    void closingAnswersWhatWasPostedAndRefusesTheRest() throws Exception {
        PartitionFixture fixture = new PartitionFixture(SyncPolicy.ALWAYS, 1000, 256);
        fixture.log.holdForces();
        CompletableFuture<Reply> stored = fixture.post(submit());
        CompletableFuture<Reply> waiter = new CompletableFuture<>();
        CompletableFuture<Boolean> closed =
                CompletableFuture.supplyAsync(() -> fixture.partition.close("over", 20, SECONDS));
        await().until(() -> !fixture.partition.post(submit(), reply -> {}));
        assertThat(closed).isNotDone();
        fixture.log.letForcesGo();
        assertThat(closed.get(20, SECONDS)).isTrue();
        assertThat(stored.get(1, SECONDS)).isInstanceOf(Reply.Stored.class);
        fixture.partition.await(EXECUTOR, 1, waiter::complete).close();
        assertThat(waiter.get(1, SECONDS)).isEqualTo(new Reply.Unanswered("over"));
        fixture.close();
    }

    @Test
    void aStackThatIsAboutToOverflowCostsNoPartition() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1_000_000, 256)) {
            CompletableFuture<Void> deep = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    submitDeeper(fixture);
                } catch (StackOverflowError expected) {
                    deep.complete(null);
                }
            });
            thread.start();
            deep.get(30, SECONDS);
            assertThat(fixture.partition.problem()).isNull();
            fixture.submitted();
        }
    }

    @SuppressWarnings("InfiniteRecursion") // what it is for
    private static void submitDeeper(PartitionFixture fixture) {
        fixture.partition.post(submit(), reply -> {});
        submitDeeper(fixture);
    }

    /** It may come in the middle of the last round, whose holder does not look again. */
    @Test
    void aCloseBesideOtherWorkWaitsForNothingElse() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 150; round++) {
            int actions = 1 + random.nextInt(6);
            try (PartitionFixture fixture = new PartitionFixture(SyncPolicy.OS, 1000, 256)) {
                fixture.submitted();
                Thread other = new Thread(() -> {
                    for (int i = 0; i < actions; i++) {
                        fixture.partition.act(() -> LockSupport.parkNanos(200_000));
                    }
                });
                other.start();
                CompletableFuture<Boolean> closed =
                        CompletableFuture.supplyAsync(() -> fixture.partition.close("over", 40, SECONDS));
                assertThat(closed.get(20, SECONDS))
                        .as("seed=%s, round=%s", seed, round)
                        .isTrue();
                other.join();
            }
        }
    }
}
