package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import org.junit.jupiter.api.Test;

class AttemptTest {

    private static final Reply DROPPED = new Reply.Dropped();
    private static final Reply DONE = new Reply.Done(true);

    private final Ledger ledger = new Ledger();

    private long submitToQuarantineAtOnce() {
        return ledger.submit(Ledger.spec(null, 1, TaskSpec.NO_TTL, true));
    }

    @Test
    void theFirstAttemptIsNotLoggedAndItsEndCounts() {
        long sequence = ledger.submit();
        assertThat(ledger.entry(sequence).logsNextStart()).isFalse();
        assertThat(ledger.complete(sequence, 1)).isEqualTo(DONE);
        TaskEntry ended = ledger.entry(sequence);
        assertThat(ended.state()).isEqualTo(State.COMPLETED);
        assertThat(ended.attempt()).isEqualTo(1);
        assertThat(ended.startedAtMillis()).isEqualTo(900);
        assertThat(ended.finishedAtMillis()).isEqualTo(ledger.now);
        assertThat(ended.resultCodec()).isEqualTo("java");
        assertThat(ended.payload()).isNull();
        assertThat(ledger.events.take()).containsExactly("submitted " + sequence, "ended " + sequence + " COMPLETED");
    }

    @Test
    void theFirstAttemptIsLoggedWhereOneCrashQuarantines() {
        long sequence = submitToQuarantineAtOnce();
        assertThat(ledger.entry(sequence).logsNextStart()).isTrue();
        assertThat(ledger.complete(sequence, 1)).isEqualTo(DROPPED);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(1));
        assertThat(ledger.complete(sequence, 1)).isEqualTo(DONE);
    }

    @Test
    void aFailureKeepsThePayloadForARetry() {
        long sequence = ledger.submit();
        ledger.fail(sequence, 1);
        TaskEntry failed = ledger.entry(sequence);
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.payload()).isNotNull();
        assertThat(failed.failure()).isNotNull();
        assertThat(failed.result()).isNotNull();
    }

    @Test
    void onlyTheCurrentAttemptsEndCounts() {
        long sequence = ledger.submit();
        assertThat(ledger.complete(sequence, 2)).isEqualTo(DROPPED);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(2));
        assertThat(ledger.complete(sequence, 1)).isEqualTo(DROPPED);
        assertThat(ledger.fail(sequence, 3)).isEqualTo(DROPPED);
        assertThat(ledger.run(new Command.Park(sequence, 1, "r"))).isEqualTo(DROPPED);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(DROPPED);
        assertThat(ledger.complete(sequence, 2)).isEqualTo(DONE);
    }

    @Test
    void exactlyOneResultIsStored() {
        long sequence = ledger.submit();
        Decision first = ledger.decide(Ledger.completion(sequence, 1, 3));
        Decision second = ledger.decide(Ledger.completion(sequence, 1, 4));
        assertThat(first.reply()).isEqualTo(DONE);
        assertThat(second.reply()).isEqualTo(DROPPED);
        assertThat(second.records()).isEmpty();
        ledger.commit(first);
        assertThat(ledger.complete(sequence, 1)).isEqualTo(DROPPED);
        assertThatThrownBy(() -> ledger.ledger.apply(first.records().get(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("I3")
                .hasMessageContaining("sequence=" + sequence);
    }

    @Test
    void whatAnAbandonedAttemptReturnsIsDropped() {
        long sequence = ledger.submit();
        assertThat(ledger.run(new Command.Abandon(sequence, 1))).isEqualTo(DONE);
        assertThat(ledger.complete(sequence, 1)).isEqualTo(DROPPED);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(2));
    }

    @Test
    void afterACleanStartATaskThatWasNeverStartedStartsAsTheFirst() {
        long sequence = ledger.submit();
        ledger.start(EpochCause.CLEAN_START);
        assertThat(ledger.entry(sequence).logsNextStart()).isTrue();
        assertThat(ledger.complete(sequence, 1)).isEqualTo(DROPPED);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(1));
    }

    @Test
    void afterACrashTheAttemptThatMayHaveRunUnloggedIsCountedAsUsed() {
        long sequence = ledger.submit();
        ledger.start(EpochCause.CRASH_START);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(2));
        assertThat(ledger.entry(sequence).crashes()).isZero();
    }

    @Test
    void afterATakeoverTheAttemptThatMayHaveRunUnloggedIsCountedAsUsed() {
        long sequence = ledger.submit();
        ledger.start(EpochCause.TAKEOVER);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(2));
    }

    @Test
    void anAttemptNumberNeverRepeats() {
        long sequence = ledger.submit();
        int last = 0;
        for (EpochCause cause : EpochCause.values()) {
            ledger.start(cause);
            Reply.MayStart start = (Reply.MayStart) ledger.startAttempt(sequence);
            assertThat(start.attempt()).isGreaterThan(last);
            last = start.attempt();
            ledger.run(new Command.Park(sequence, last, "class missing"));
            ledger.retry(sequence);
        }
        int attempt = last;
        assertThatThrownBy(() -> ledger.ledger.apply(new LogRecord.AttemptStarted(sequence, attempt, 1)))
                .hasMessageContaining("I14");
    }

    @Test
    void aCrashDuringALoggedAttemptCountsAndTheThirdQuarantines() {
        long sequence = ledger.submit();
        ledger.start(EpochCause.CRASH_START);
        for (int crashes = 1; crashes <= 2; crashes++) {
            ledger.startAttempt(sequence);
            ledger.start(EpochCause.CRASH_START);
            assertThat(ledger.entry(sequence).crashes()).isEqualTo(crashes);
            assertThat(ledger.entry(sequence).state()).isEqualTo(State.UNFINISHED);
        }
        ledger.startAttempt(sequence);
        ledger.events.take();
        ledger.start(EpochCause.CRASH_START);
        assertThat(ledger.entry(sequence).state()).isEqualTo(State.QUARANTINED);
        assertThat(ledger.entry(sequence).heldReason()).contains("crashes=3");
        assertThat(ledger.events.take()).containsExactly("held " + sequence + " QUARANTINED");
        assertThat(ledger.startAttempt(sequence)).isEqualTo(DROPPED);
        assertThat(ledger.ledger.recoverable()).isEmpty();
        assertThat(ledger.executor().counters().quarantined()).isEqualTo(1);
        assertThat(ledger.executor().counters().recovered()).isEqualTo(3);
    }

    @Test
    void withMaxCrashesOfOneTheFirstCrashQuarantines() {
        long sequence = submitToQuarantineAtOnce();
        ledger.startAttempt(sequence);
        ledger.start(EpochCause.CRASH_START);
        assertThat(ledger.entry(sequence).state()).isEqualTo(State.QUARANTINED);
    }

    @Test
    void withMaxCrashesOfOneATaskThatWaitedIsNotQuarantined() {
        long sequence = submitToQuarantineAtOnce();
        ledger.start(EpochCause.CRASH_START);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(1));
    }

    @Test
    void aCleanStartAndATakeoverCountNoCrash() {
        long sequence = submitToQuarantineAtOnce();
        for (EpochCause cause : new EpochCause[] {EpochCause.CLEAN_START, EpochCause.TAKEOVER}) {
            ledger.startAttempt(sequence);
            ledger.start(cause);
            assertThat(ledger.entry(sequence).crashes()).isZero();
            assertThat(ledger.entry(sequence).state()).isEqualTo(State.UNFINISHED);
        }
    }

    @Test
    void aVisitLeavesAnOpenAttemptForTheNextStartToCount() {
        long sequence = ledger.submit();
        ledger.start(EpochCause.CLEAN_START);
        ledger.startAttempt(sequence);
        ledger.start(EpochCause.VISIT);
        assertThat(ledger.entry(sequence).attemptOpen()).isTrue();
        assertThat(ledger.entry(sequence).crashes()).isZero();
        assertThat(ledger.executor().counters().recovered()).isEqualTo(1);
        ledger.start(EpochCause.CRASH_START);
        assertThat(ledger.entry(sequence).crashes()).isEqualTo(1);
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(2));
    }

    @Test
    void anAbandonedAttemptCountsNoCrash() {
        long sequence = submitToQuarantineAtOnce();
        ledger.startAttempt(sequence);
        ledger.run(new Command.Abandon(sequence, 1));
        ledger.start(EpochCause.CRASH_START);
        assertThat(ledger.entry(sequence).crashes()).isZero();
    }

    @Test
    void recoveryRestartsUnfinishedTasksOldestFirst() {
        long first = ledger.submit();
        long held = ledger.parked();
        long second = ledger.submit();
        long ended = ledger.completed();
        ledger.start(EpochCause.CRASH_START);
        assertThat(ledger.ledger.recoverable())
                .extracting(TaskEntry::sequence)
                .containsExactly(first, second)
                .doesNotContain(held, ended);
        assertThat(ledger.executor().counters().recovered()).isEqualTo(2);
    }

    @Test
    void anEpochThatDoesNotGrowIsRefused() {
        ledger.start(EpochCause.FIRST);
        ledger.epoch--;
        assertThatThrownBy(() -> ledger.start(EpochCause.CRASH_START)).hasMessageContaining("I8");
    }

    @Test
    void aSequenceIsNeverStoredTwice() {
        ledger.submit();
        assertThatThrownBy(() -> ledger.ledger.apply(ledger.log.get(0))).hasMessageContaining("I7");
    }
}
