package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SnapshotItem.Removal;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import org.junit.jupiter.api.Test;

class DisposalTest {

    private static final Reply STALE_DISPOSED = new Reply.Stale(Staleness.DISPOSED);
    private static final Reply STALE_UNKNOWN = new Reply.Stale(Staleness.UNKNOWN);

    private final Ledger ledger = new Ledger();

    private static ExecutorLimits remembering(int tombstones) {
        return new ExecutorLimits(100, 100, 2, 1_000, TaskSpec.NO_TTL, false, tombstones, 10, 1_000);
    }

    private Reply retrieveAndDispose(long sequence) {
        return ledger.run(new Command.RetrieveAndDispose(Ledger.EXECUTOR, sequence));
    }

    @Test
    void aDisposedResultIsGoneAndNothingIsLeftToDispose() {
        long sequence = ledger.completed();
        ledger.events.take();
        assertThat(ledger.dispose(sequence)).isEqualTo(new Reply.Done(true));
        assertThat(ledger.staleness(sequence)).isEqualTo(Staleness.DISPOSED);
        assertThat(ledger.events.take()).containsExactly("removed " + sequence + " DISPOSED");
        assertThat(ledger.dispose(sequence)).isEqualTo(new Reply.Done(false));
        assertThat(ledger.dispose(99)).isEqualTo(new Reply.Done(false));
    }

    @Test
    void aDisposedUnfinishedTaskRunsAndLeavesAtItsEnd() {
        long sequence = ledger.submit();
        assertThat(ledger.dispose(sequence)).isEqualTo(new Reply.Done(true));
        assertThat(ledger.dispose(sequence)).isEqualTo(new Reply.Done(false));
        assertThat(ledger.executor().unfinished()).isEqualTo(1);
        ledger.events.take();
        ledger.complete(sequence, 1);
        assertThat(ledger.events.take())
                .containsExactly("ended " + sequence + " COMPLETED", "removed " + sequence + " DISPOSED");
        assertThat(ledger.events.ended.get(0).result()).as("for those who wait").isNotNull();
        assertThat(ledger.staleness(sequence)).isEqualTo(Staleness.DISPOSED);
        assertThat(ledger.executor().counters().completed()).isEqualTo(1);
    }

    @Test
    void aDisposedTaskLeavesAlsoWhenItFailsOrIsCancelled() {
        long fails = ledger.submit();
        long cancelled = ledger.submit();
        ledger.dispose(fails);
        ledger.dispose(cancelled);
        ledger.fail(fails, 1);
        ledger.cancel(cancelled);
        assertThat(ledger.ledger.entries()).isEmpty();
        assertThat(ledger.executor().counters().failed()).isEqualTo(1);
        assertThat(ledger.executor().counters().cancelled()).isEqualTo(1);
    }

    @Test
    void aDisposedHeldTaskStaysHeldAndLeavesAtItsEnd() {
        long sequence = ledger.parked();
        assertThat(ledger.dispose(sequence)).isEqualTo(new Reply.Done(true));
        assertThat(ledger.entry(sequence).state()).isEqualTo(State.PARKED);
        ledger.retry(sequence);
        ledger.startAttempt(sequence);
        ledger.complete(sequence, 1);
        assertThat(ledger.staleness(sequence)).isEqualTo(Staleness.DISPOSED);
    }

    @Test
    void retrieveAndDisposeGivesTheOutcomeOnce() {
        long sequence = ledger.completed();
        Decision first = ledger.decide(new Command.RetrieveAndDispose(Ledger.EXECUTOR, sequence));
        Decision second = ledger.decide(new Command.RetrieveAndDispose(Ledger.EXECUTOR, sequence));
        assertThat(((Reply.Ended) first.reply()).outcome().result()).isNotNull();
        assertThat(second.reply()).isEqualTo(STALE_DISPOSED);
        ledger.commit(first);
        assertThat(retrieveAndDispose(sequence)).isEqualTo(STALE_DISPOSED);
    }

    @Test
    void retrieveAndDisposeGivesAnOutcomeThatIsInFlight() {
        long sequence = ledger.submit();
        ledger.decide(Ledger.completion(sequence, 1, 7));
        Decision retrieved = ledger.decide(new Command.RetrieveAndDispose(Ledger.EXECUTOR, sequence));
        assertThat(((Reply.Ended) retrieved.reply()).outcome().state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void retrieveAndDisposeOfWhatHasNotEndedTakesNothing() {
        long unfinished = ledger.submit();
        long held = ledger.parked();
        assertThat(retrieveAndDispose(unfinished)).isEqualTo(new Reply.NotEnded());
        assertThat(retrieveAndDispose(held)).isEqualTo(new Reply.NotEnded());
    }

    @Test
    void disposedNeverComesBack() {
        long sequence = ledger.completed();
        ledger.dispose(sequence);
        assertThatThrownBy(() -> ledger.ledger.apply(new LogRecord.Retried(sequence, null, true, 1)))
                .hasMessageContaining("I6");
    }

    @Test
    void anIdOfAnotherExecutorIsUnknown() {
        long sequence = ledger.completed();
        assertThat(ledger.run(new Command.RetrieveAndDispose("other", sequence)))
                .isEqualTo(STALE_UNKNOWN);
        assertThat(ledger.run(new Command.Cancel("other", sequence))).isEqualTo(STALE_UNKNOWN);
        assertThat(ledger.run(new Command.Dispose("other", sequence))).isEqualTo(new Reply.Done(false));
        assertThat(ledger.ledger.staleness("other", sequence)).isEqualTo(Staleness.UNKNOWN);
        ledger.dispose(sequence);
        assertThat(ledger.ledger.staleness("other", sequence)).isEqualTo(Staleness.UNKNOWN);
    }

    @Test
    void anIdThatWasNeverIssuedIsUnknown() {
        ledger.submit();
        assertThat(retrieveAndDispose(2)).isEqualTo(STALE_UNKNOWN);
        assertThat(ledger.staleness(2)).isEqualTo(Staleness.UNKNOWN);
        assertThat(ledger.staleness(0)).isEqualTo(Staleness.UNKNOWN);
        assertThat(ledger.staleness(-5)).isEqualTo(Staleness.UNKNOWN);
    }

    @Test
    void anIdOlderThanTheTombstonesIsDisposedWhereNothingWasEverEvicted() {
        Ledger small = new Ledger(remembering(2));
        for (int i = 0; i < 5; i++) {
            small.dispose(small.completed());
        }
        for (long sequence = 1; sequence <= 5; sequence++) {
            assertThat(small.staleness(sequence)).isEqualTo(Staleness.DISPOSED);
        }
    }

    @Test
    void anIdOlderThanTheTombstonesIsEvictedWhereAnythingEverWas() {
        Ledger small = new Ledger(remembering(2));
        long disposed = small.completed();
        small.dispose(disposed);
        for (int i = 0; i < 5; i++) {
            small.completed();
        }
        assertThat(small.staleness(disposed)).isEqualTo(Staleness.EVICTED);
        assertThat(small.ledger.staleness(Ledger.EXECUTOR, 99)).isEqualTo(Staleness.UNKNOWN);
    }

    @Test
    void manyTombstonesKeepTheirReasons() {
        int many = 5_000;
        Tombstones tombstones = new Tombstones(many);
        for (long sequence = 1; sequence <= 2L * many; sequence++) {
            tombstones.add(sequence, sequence % 3 == 0 ? Removal.EVICTED : Removal.DISPOSED);
        }
        assertThat(tombstones.size()).isEqualTo(many);
        assertThat(tombstones.oldestTombstone()).isEqualTo(many + 1);
        for (long sequence = many + 1L; sequence <= 2L * many; sequence++) {
            assertThat(tombstones.staleness(sequence, false))
                    .isEqualTo(sequence % 3 == 0 ? Staleness.EVICTED : Staleness.DISPOSED);
        }
        assertThat(tombstones.staleness(1, false)).isEqualTo(Staleness.EVICTED);
        assertThat(tombstones.staleness(2L * many + 1, false)).isEqualTo(Staleness.UNKNOWN);
        long remembered = tombstones.runs("e").stream()
                .mapToLong(run -> run.sequences().length)
                .sum();
        assertThat(remembered).isEqualTo(many);
    }
}
