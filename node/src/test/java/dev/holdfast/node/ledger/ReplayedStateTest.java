package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** I13 of one replica with itself: what the log tells is what the ring holds. */
class ReplayedStateTest {

    private static final int SEEDS = 400;
    private static final int COMMANDS = 400;
    private static final int MANY_TOMBSTONES = 100_000;

    @Test
    void replayedStateEqualsLiveState() {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomHistory history = history(seed);
            List<LogRecord.Replicated> log = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                log.addAll(runNext(history));
            }
            TaskLedger replayed = replay(history, Stream.empty(), log);
            assertSameRing(seed, replayed, history.reference());
            assertThat(replayed.liveBytes())
                    .as("live bytes, seed=%d", seed)
                    .isEqualTo(history.reference().liveBytes());
        }
    }

    @Test
    void aSnapshotAndTheLogAfterItGiveTheLiveState() {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomHistory history = history(seed);
            int snapshotAt = new SplittableRandom(seed).nextInt(COMMANDS);
            Stream<SnapshotItem> snapshot = Stream.empty();
            List<LogRecord.Replicated> tail = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                if (i == snapshotAt) {
                    // Read only at the end: what came after must not show in it.
                    snapshot = history.reference().snapshot();
                }
                List<LogRecord.Replicated> records = runNext(history);
                if (i >= snapshotAt) {
                    tail.addAll(records);
                }
            }
            assertSameRing(seed, replay(history, snapshot, tail), history.reference());
        }
    }

    @Test
    void aRestartedLedgerDecidesAsOneThatWasNeverReplayed() {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomHistory history = history(seed);
            for (int i = 0; i < COMMANDS / 2; i++) {
                runNext(history);
            }
            TaskLedger restarted = replay(history, history.reference().snapshot(), List.of());
            Command.StartEpoch start = history.startEpoch();
            runBoth(seed, history, restarted, start);
            for (int i = 0; i < COMMANDS / 2; i++) {
                runBoth(seed, history, restarted, history.next());
            }
            assertSameRing(seed, restarted, history.reference());
        }
    }

    private static void runBoth(int seed, RandomHistory history, TaskLedger restarted, Command command) {
        Decision expected = history.reference().decide(command, history.now());
        Decision actual = restarted.decide(command, history.now());
        assertThat(Text.of(actual.records()))
                .as("records of %s, seed=%d", command, seed)
                .isEqualTo(Text.of(expected.records()));
        assertThat(Text.of(actual.reply()))
                .as("reply to %s, seed=%d", command, seed)
                .isEqualTo(Text.of(expected.reply()));
        expected.records().forEach(history.reference()::apply);
        actual.records().forEach(restarted::apply);
    }

    private static RandomHistory history(int seed) {
        return new RandomHistory(new SplittableRandom(seed), seed % 2 == 0 ? MANY_TOMBSTONES : 1 + seed % 20);
    }

    private static List<LogRecord.Replicated> runNext(RandomHistory history) {
        Decision decision = history.reference().decide(history.next(), history.now());
        decision.records().forEach(history.reference()::apply);
        return decision.records();
    }

    private static TaskLedger replay(
            RandomHistory history, Stream<SnapshotItem> snapshot, List<LogRecord.Replicated> records) {
        TaskLedger replayed = history.newLedger();
        snapshot.forEach(item -> replayed.replay().onSnapshot(item));
        records.forEach(record -> replayed.replay().onRecord(Lsn.NONE, Epoch.NONE, record));
        replayed.allowSequencesUpTo(1L << 40);
        return replayed;
    }

    private static void assertSameRing(int seed, TaskLedger actual, TaskLedger expected) {
        assertThat(Text.of(actual.snapshot())).as("seed=%d", seed).isEqualTo(Text.of(expected.snapshot()));
        assertThat(actual.executors().stream().map(actual::executor))
                .as("seed=%d", seed)
                .containsExactlyElementsOf(
                        expected.executors().stream().map(expected::executor).toList());
    }
}
