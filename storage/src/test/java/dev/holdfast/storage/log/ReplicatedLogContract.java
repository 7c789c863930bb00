package dev.holdfast.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every {@link ReplicatedLog} does besides. Long because it is one list of sentences. */
public abstract class ReplicatedLogContract extends PartitionLogContract {

    @Test
    void anAppendGivesTheBytesThatAnotherLogTakes() throws Exception {
        ReplicatedLog one = replicated(rig());
        ReplicatedLog other = replicated(rig());
        List<LogRecord.Replicated> kept = new ArrayList<>();
        List<LogRecord.Replicated> copied = new ArrayList<>();
        for (int epoch = 1; epoch <= 3; epoch++) {
            List<LogRecord.Replicated> records = new ArrayList<>(Samples.submissions(100L * epoch, 40, 9_000, epoch));
            records.add(0, Samples.epochStarted(epoch));
            AppendedRun appended = one.appendOwn(new Epoch(epoch), records);
            kept.addAll(appended.kept());
            copied.addAll(other.appendCopy(appended.run()));
            assertThat(other.end())
                    .isEqualTo(one.end())
                    .isEqualTo(appended.run().after());
        }
        assertSame(copied, kept);
        Body.Stored stored = kept.stream()
                .filter(LogRecord.Submitted.class::isInstance)
                .map(each -> ((LogRecord.Submitted) each).payload())
                .filter(Body.Stored.class::isInstance)
                .map(Body.Stored.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(other.read(stored)).isEqualTo(one.read(stored));
        assertThat(other.epochEnds()).isEqualTo(one.epochEnds()).hasSize(4);
    }

    @Test
    void whatWasReadAndAppendedElsewhereIsTheSameLogThereAndAfterARestart() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        LogRig source = rig();
        ReplicatedLog one = replicated(source);
        for (int epoch = 1; epoch <= 4; epoch++) {
            one.append(new Epoch(epoch), List.of(Samples.epochStarted(epoch)));
            one.append(new Epoch(epoch), Samples.submissions(epoch * 1000L, 30, 12_000, epoch));
            one.append(new Epoch(epoch), List.of(Samples.submitted(epoch * 1000L + 900, 100_000)));
        }
        LogRig target = rig();
        ReplicatedLog other = replicated(target);
        int copied = 0;
        while (!other.end().equals(one.end())) {
            ReplicatedRun run =
                    one.readAfter(other.end(), 1 + random.nextInt(40_000)).orElseThrow();
            assertThat(run.before()).isEqualTo(other.end());
            other.appendCopy(run);
            if (++copied % 10 == 0) {
                target.kill();
                other = replicated(target);
                assertThat(other.end()).as("after a kill").isEqualTo(run.after());
            }
        }
        assertThat(copied).isGreaterThan(10);
        assertThat(one.readAfter(one.end(), 100)).isEmpty();
        assertThat(bytesOf(other)).isEqualTo(bytesOf(one));
        assertThat(other.epochEnds()).isEqualTo(one.epochEnds());
        source.kill();
        target.kill();
        assertSame(replay(target).records(), replay(source).records());
    }

    @Test
    void aReadIsOfOneEpochAndOfWholeRecords() throws Exception {
        ReplicatedLog log = replicated(rig());
        log.append(new Epoch(1), Samples.submissions(1, 2, 10, 1));
        LogEnd first = log.end();
        log.append(new Epoch(2), List.of(Samples.epochStarted(2), Samples.submitted(9, 100_000)));
        assertThat(log.readAfter(LogEnd.EMPTY, 1_000_000).map(ReplicatedRun::after))
                .contains(first);
        ReplicatedRun second = log.readAfter(first, 1).orElseThrow();
        assertThat(second.count()).as("at least one record").isEqualTo(1);
        assertThat(log.readAfter(second.after(), 1).map(ReplicatedRun::after))
                .as("all chunks of it")
                .contains(log.end());
        LogEnd within = new LogEnd(new Lsn(second.after().lsn().value() + 1), new Epoch(2), 0);
        assertThatThrownBy(() -> log.readAfter(within, 1)).isInstanceOf(IllegalArgumentException.class);
        LogEnd otherHash = new LogEnd(first.lsn(), first.epoch(), first.hash() + 1);
        assertThatThrownBy(() -> log.readAfter(otherHash, 1)).isInstanceOf(IllegalArgumentException.class);
        LogEnd beyond = new LogEnd(log.end().lsn().next(), new Epoch(2), 0);
        assertThatThrownBy(() -> log.readAfter(beyond, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRunThatDoesNotFollowOrWasChangedIsRefusedAndNothingIsAppended() throws Exception {
        ReplicatedLog one = replicated(rig());
        ReplicatedLog other = replicated(rig());
        ReplicatedRun first =
                one.appendOwn(EPOCH, Samples.submissions(1, 3, 100, 1)).run();
        ReplicatedRun second =
                one.appendOwn(EPOCH, Samples.submissions(4, 3, 100, 2)).run();
        assertThatThrownBy(() -> other.appendCopy(second)).isInstanceOf(IllegalArgumentException.class);
        for (int bit = 0; bit < 8 * first.documents().length; bit += 13) {
            byte[] changed = first.documents().clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            ReplicatedRun run = new ReplicatedRun(first.before(), first.after(), changed);
            try {
                other.appendCopy(run);
                assertThat(changed[bit / 8]).as("bit %d is padding", bit).isNotZero();
            } catch (IllegalArgumentException | UnreadableRecordException refused) {
                assertThat(other.end()).as("bit %d", bit).isEqualTo(LogEnd.EMPTY);
                continue;
            }
            break;
        }
    }

    @Test
    void recordsAreHandedOverBetweenAnyTwoPlaces() throws Exception {
        LogRig rig = rig();
        ReplicatedLog log = replicated(rig);
        List<LogRecord.Replicated> kept = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            kept.addAll(log.append(new Epoch(1 + i / 10), Samples.submissions(1 + 20L * i, 20, 2_000, i)));
        }
        for (int round = 0; round < 2; round++) {
            for (int from : new int[] {0, 1, 250, 599}) {
                for (int to : new int[] {from, Math.min(600, from + 7), 600}) {
                    Collected collected = new Collected();
                    log.replay(new Lsn(from), new Lsn(to), collected);
                    assertSame(collected.records(), kept.subList(from, to));
                }
            }
            rig.kill();
            log = replicated(rig);
        }
    }

    @Test
    void aTruncationVoidsWhatIsAboveNowAndAfterAnyNumberOfRestarts() throws Exception {
        LogRig rig = rig();
        ReplicatedLog log = replicated(rig);
        SplittableRandom random = new SplittableRandom(11);
        List<LogRecord.Replicated> expected = new ArrayList<>();
        List<LogEnd> ends = new ArrayList<>(List.of(LogEnd.EMPTY));
        for (int round = 1; round <= 40; round++) {
            Epoch epoch = new Epoch(round);
            for (LogRecord.Replicated each : Samples.submissions(1000L * round, 10, 7_000, round)) {
                expected.addAll(log.append(epoch, List.of(each)));
                ends.add(log.end());
            }
            log.acknowledge(log.end().lsn());
            if (random.nextInt(3) > 0) {
                int left = ends.size() - 1 - random.nextInt(Math.min(ends.size(), 25));
                expected = new ArrayList<>(expected.subList(0, left));
                ends = new ArrayList<>(ends.subList(0, left + 1));
                LogEnd end = ends.get(left);
                assertThat(log.truncate(end.lsn())).isEqualTo(end);
                assertThat(log.end()).isEqualTo(end);
                assertThat(log.forcedEnd()).isEqualTo(end);
            }
            if (random.nextInt(3) == 0) {
                rig.kill();
                Collected replayed = new Collected();
                RecoveredLog recovered = rig.open(replayed);
                log = recovered.replicated();
                assertThat(recovered.setAside()).isEmpty();
                assertThat(log.end()).isEqualTo(ends.get(ends.size() - 1));
                assertSame(replayed.records(), expected);
            }
            assertThat(lastOf(log.epochEnds())).isEqualTo(log.end());
            assertThat(ends).containsAll(log.epochEnds());
            Collected read = new Collected();
            log.replay(Lsn.NONE, log.end().lsn(), read);
            assertSame(read.records(), expected);
        }
    }

    @Test
    void whoReadsWhileTheLogIsTruncatedGetsWhatTheLogHadOrHas() throws Exception {
        ReplicatedLog log = replicated(rig());
        log.append(EPOCH, Samples.submissions(1, 20, 3_000, 1));
        LogEnd kept = log.end();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                Optional<ReplicatedRun> run = log.readAfter(LogEnd.EMPTY, 1 << 20);
                assertThat(run.orElseThrow().after().lsn()).isGreaterThanOrEqualTo(kept.lsn());
                try {
                    assertThat(log.readAfter(kept, 1 << 20).map(ReplicatedRun::before))
                            .isIn(Optional.empty(), Optional.of(kept));
                    log.readAfter(log.end(), 1 << 20);
                } catch (IllegalArgumentException truncated) {
                    // that end is no place in the log any more
                }
                reads.incrementAndGet();
            }
        });
        for (int round = 0; round < 30 && !reader.isDone(); round++) {
            log.append(EPOCH, Samples.submissions(100, 3, 3_000, 1));
            int before = reads.get();
            Awaitility.await().until(() -> reads.get() > before || reader.isDone());
            assertThat(log.truncate(kept.lsn())).isEqualTo(kept);
        }
        done.set(true);
        reader.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aBodyThatWasVoidedIsGone() throws Exception {
        ReplicatedLog log = replicated(rig());
        log.append(EPOCH, Samples.submissions(1, 3, 10, 1));
        LogRecord.Submitted voided = (LogRecord.Submitted)
                log.append(EPOCH, List.of(Samples.submitted(4, 10_000))).get(0);
        log.truncate(new Lsn(3));
        assertThatThrownBy(() -> log.read((Body.Stored) voided.payload())).isInstanceOf(BodyGoneException.class);
        LogRecord.Submitted next = (LogRecord.Submitted)
                log.append(new Epoch(2), List.of(Samples.submitted(5, 20_000))).get(0);
        assertThat(log.read((Body.Stored) next.payload())).isEqualTo(Samples.bytes(20_000, 5));
    }

    @Test
    void onlyAPlaceBetweenRecordsAboveTheCheckpointIsOneToTruncateTo() throws Exception {
        ReplicatedLog log = replicated(rig());
        log.append(EPOCH, Samples.submissions(1, 3, 10, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        log.append(EPOCH, List.of(Samples.submitted(9, 100_000)));
        LogEnd end = log.end();
        for (long lsn : new long[] {2, 4, end.lsn().value() + 1}) {
            assertThatThrownBy(() -> log.truncate(new Lsn(lsn))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(log.end()).isEqualTo(end);
        assertThat(log.truncate(end.lsn())).isEqualTo(end);
        assertThat(log.truncate(new Lsn(3)).lsn()).isEqualTo(new Lsn(3));
    }

    @Test
    void aCheckpointAfterATruncationKeepsWhatItNeeds() throws Exception {
        LogRig rig = rig();
        ReplicatedLog log = replicated(rig);
        for (int i = 0; i < 40; i++) {
            log.append(EPOCH, Samples.submissions(1 + 10L * i, 10, 4_000, i));
        }
        log.truncate(new Lsn(90));
        List<LogRecord.Replicated> kept = log.append(new Epoch(2), Samples.submissions(5_000, 10, 4_000, 99));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        List<LogRecord.Replicated> later = log.append(new Epoch(2), Samples.submissions(6_000, 10, 4_000, 98));
        assertThat(kept).hasSize(10);
        LogEnd base = log.epochEnds().get(0);
        assertThat(base.lsn()).isEqualTo(new Lsn(90));
        Collected read = new Collected();
        log.replay(new Lsn(100), log.end().lsn(), read);
        assertSame(read.records(), later);
        assertThatThrownBy(() -> log.replay(new Lsn(89), new Lsn(100), read)).isInstanceOf(RecordsGoneException.class);
        rig.kill();
        Collected replayed = new Collected();
        ReplicatedLog again = rig.open(replayed).replicated();
        assertSame(replayed.records(), later);
        assertThat(replayed.items()).hasSameSizeAs(Samples.everyItem());
        assertThat(again.epochEnds()).startsWith(base).endsWith(again.end());
        assertThat(again.readAfter(base, 1_000_000)).isPresent();
    }

    @Test
    void aCheckpointFromAnotherReplicaTakesThePlaceOfTheLog() throws Exception {
        LogRig source = rig();
        ReplicatedLog one = replicated(source);
        one.append(EPOCH, Samples.submissions(1, 300, 4_000, 1));
        one.append(EPOCH, List.of(Samples.submitted(500, 9_000)));
        LogRecord.Submitted stored = (LogRecord.Submitted)
                one.append(EPOCH, List.of(Samples.submitted(501, 9_000))).get(0);
        LogEnd at = one.end();
        one.checkpoint(at, items(stored));
        List<LogRecord.Replicated> later = one.append(new Epoch(2), Samples.submissions(600, 5, 4_000, 2));

        LogRig target = rig();
        ReplicatedLog other = replicated(target);
        other.append(new Epoch(1), Samples.submissions(7_000, 200, 4_000, 3));
        other.acknowledge(other.end().lsn());
        copyCheckpoint(one, other, 1_000);
        Collected installed = new Collected();
        other.installCheckpoint(at, installed);
        assertThat(Samples.describe(installed.items()))
                .isEqualTo(Samples.describe(items(stored).toList()));
        assertThat(other.end()).isEqualTo(at);
        assertThat(other.epochEnds()).containsExactly(at);
        assertThat(other.checkpointEnd()).contains(at);
        assertThat(other.read((Body.Stored) stored.payload())).isEqualTo(Samples.bytes(9_000, 501));
        assertThatThrownBy(() -> other.readAfter(LogEnd.EMPTY, 10)).isInstanceOf(RecordsGoneException.class);
        target.kill();
        ReplicatedLog again = replicated(target);
        assertThat(again.end()).as("although no segment was begun").isEqualTo(at);
        again.appendCopy(one.readAfter(at, 1_000_000).orElseThrow());
        assertThat(again.end()).isEqualTo(one.end());
        target.kill();
        Collected replayed = new Collected();
        ReplicatedLog third = target.open(replayed).replicated();
        assertThat(third.end()).isEqualTo(one.end());
        assertSame(replayed.records(), later);
        assertThat(Samples.describe(replayed.items()))
                .isEqualTo(Samples.describe(items(stored).toList()));
        copyCheckpoint(third, replicated(rig()), 1 << 20);
    }

    @Test
    void aCheckpointThatDoesNotArriveWholeChangesNothing() throws Exception {
        ReplicatedLog one = replicated(rig());
        one.append(EPOCH, Samples.submissions(1, 30, 4_000, 1));
        one.checkpoint(one.end(), Samples.everyItem().stream());
        LogRig target = rig();
        ReplicatedLog other = replicated(target);
        other.append(EPOCH, Samples.submissions(1, 3, 4_000, 3));
        LogEnd end = other.end();
        CheckpointPart whole = one.readCheckpoint(LogEnd.EMPTY, 0, 1 << 20);
        byte[] damaged = whole.bytes().clone();
        damaged[damaged.length / 2] ^= 1;
        other.storeCheckpoint(new CheckpointPart(whole.at(), 0, true, damaged));
        assertThatThrownBy(() -> other.installCheckpoint(whole.at(), new Collected()))
                .isInstanceOf(LogDamagedException.class);
        LogEnd otherPlace = new LogEnd(whole.at().lsn().next(), EPOCH, 0);
        other.storeCheckpoint(new CheckpointPart(otherPlace, 0, true, whole.bytes()));
        assertThatThrownBy(() -> other.installCheckpoint(otherPlace, new Collected()))
                .isInstanceOf(LogDamagedException.class);
        assertThat(other.end()).isEqualTo(end);
        assertThatThrownBy(() -> other.storeCheckpoint(new CheckpointPart(whole.at(), 5, true, new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
        other.append(EPOCH, Samples.submissions(4, 3, 4_000, 3));
        target.kill();
        assertThat(replay(target).records()).hasSize(6);
    }

    @Test
    void aReplicaThatMayHaveLostRecordsIsSuspectUntilThatIsSettled() throws Exception {
        LogRig rig = rig();
        ReplicatedLog source = replicated(rig());
        replicated(rig)
                .appendCopy(source.appendOwn(EPOCH, Samples.submissions(1, 3, 10, 1))
                        .run());
        rig.loseTrustInPageCache();
        ReplicatedLog log = replicated(rig);
        assertThat(log.isSuspect()).isTrue();
        log.appendCopy(source.appendOwn(EPOCH, Samples.submissions(4, 3, 10, 1)).run());
        assertThat(log.isSuspect()).as("a copy says nothing of what was lost").isTrue();
        log.close();
        rig.kill();
        log = replicated(rig);
        assertThat(log.isSuspect()).as("a close in order hides nothing").isTrue();
        log.settle();
        assertThat(log.isSuspect()).isFalse();
        rig.kill();
        assertThat(replicated(rig).isSuspect()).isFalse();
        LogRig forced = rig(SyncPolicy.ALWAYS);
        open(forced).append(EPOCH, Samples.submissions(1, 3, 10, 1));
        forced.loseTrustInPageCache();
        assertThat(replicated(forced).isSuspect()).isFalse();
    }

    private static Stream<SnapshotItem> items(LogRecord.Submitted stored) {
        SnapshotItem.OfTask task = new SnapshotItem.OfTask(
                501,
                "reports",
                1,
                Samples.spec(),
                stored.payload(),
                SnapshotItem.State.UNFINISHED,
                0,
                false,
                0,
                false,
                0,
                0,
                null,
                null,
                null,
                null);
        return Stream.concat(Samples.everyItem().stream(), Stream.of(task));
    }

    private static void copyCheckpoint(ReplicatedLog from, ReplicatedLog to, int partBytes) {
        LogEnd at = LogEnd.EMPTY;
        long offset = 0;
        while (true) {
            CheckpointPart part = from.readCheckpoint(at, offset, partBytes);
            assertThat(part.offsetBytes()).isEqualTo(offset);
            to.storeCheckpoint(part);
            at = part.at();
            offset += part.bytes().length;
            if (part.last()) {
                return;
            }
        }
    }

    private static byte[] bytesOf(ReplicatedLog log) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LogEnd at = LogEnd.EMPTY;
        for (Optional<ReplicatedRun> run = log.readAfter(at, 50_000);
                run.isPresent();
                run = log.readAfter(at, 50_000)) {
            bytes.writeBytes(run.get().documents());
            at = run.get().after();
        }
        return bytes.toByteArray();
    }

    private static LogEnd lastOf(List<LogEnd> ends) {
        return ends.get(ends.size() - 1);
    }

    protected static ReplicatedLog replicated(LogRig rig) {
        return rig.open(new Collected()).replicated();
    }

    /** Who leads next asks for it with locks held that its callers wait for. */
    @Test
    void whileACheckpointIsBeingWrittenTheOneBeforeIsTold() throws Exception {
        ReplicatedLog log = replicated(rig());
        log.append(new Epoch(1), Samples.submissions(1, 3, 100, 1));
        LogEnd before = log.end();
        log.checkpoint(before, Samples.everyItem().stream());
        log.append(new Epoch(1), Samples.submissions(4, 3, 100, 1));
        LogEnd end = log.end();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Executor aThreadEach = task -> new Thread(task).start(); // the common pool may have one only
        CompletableFuture<Void> writing = CompletableFuture.runAsync(
                () -> log.checkpoint(end, Samples.everyItem().stream().peek(item -> {
                    begun.countDown();
                    awaitUninterruptibly(goOn);
                })),
                aThreadEach);
        try {
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<LogEnd> asked = CompletableFuture.supplyAsync(
                    () -> {
                        assertThat(log.readCheckpoint(before, 0, 100).bytes()).isNotEmpty();
                        assertThat(log.truncate(end.lsn())).isEqualTo(end);
                        return log.checkpointEnd().orElseThrow();
                    },
                    aThreadEach);
            assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo(before);
            assertThatThrownBy(() -> log.truncate(before.lsn()))
                    .as("it may be needed by the one that is being written")
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            goOn.countDown();
        }
        writing.get(20, TimeUnit.SECONDS);
        assertThat(log.checkpointEnd()).contains(end);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
