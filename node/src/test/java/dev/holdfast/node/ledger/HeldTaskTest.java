package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HeldTaskTest {

    private static final Reply CHANGED = new Reply.Done(true);
    private static final Reply UNCHANGED = new Reply.Done(false);

    private final Ledger ledger = new Ledger();

    private long quarantined() {
        long sequence = ledger.submit(Ledger.spec(null, 1, TaskSpec.NO_TTL, true));
        ledger.startAttempt(sequence);
        ledger.start(EpochCause.CRASH_START);
        return sequence;
    }

    @Test
    void aTaskThatCanNotBeDecodedIsParkedWithItsReason() {
        long sequence = ledger.parked();
        assertThat(ledger.entry(sequence).state()).isEqualTo(State.PARKED);
        assertThat(ledger.entry(sequence).heldReason()).isEqualTo("class missing");
        assertThat(ledger.executor().held()).isEqualTo(1);
        assertThat(ledger.executor().unfinished()).isZero();
        assertThat(ledger.executor().counters().parked()).isEqualTo(1);
        assertThat(ledger.events.take()).contains("held " + sequence + " PARKED");
    }

    @Test
    void aRetriedTaskRunsAgainLogged() {
        long sequence = ledger.parked();
        ledger.events.take();
        assertThat(ledger.retry(sequence)).isEqualTo(CHANGED);
        assertThat(ledger.events.take()).containsExactly("runnable " + sequence);
        TaskEntry task = ledger.entry(sequence);
        assertThat(task.state()).isEqualTo(State.UNFINISHED);
        assertThat(task.heldReason()).isNull();
        assertThat(task.logsNextStart()).isTrue();
        assertThat(ledger.executor().counters().retried()).isEqualTo(1);
        assertThat(ledger.retry(sequence)).as("it is not held any more").isEqualTo(UNCHANGED);
    }

    @Test
    void aRetriedQuarantinedTaskStartsWithNoCrashes() {
        long sequence = quarantined();
        assertThat(ledger.entry(sequence).crashes()).isEqualTo(1);
        ledger.retry(sequence);
        assertThat(ledger.entry(sequence).crashes()).isZero();
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(2));
    }

    @Test
    void aRetryMayRunUnderTheFingerprintThatTheUserAccepted() {
        long sequence = ledger.parked();
        ledger.run(new Command.Retry(Ledger.EXECUTOR, sequence, "sha-2", true));
        assertThat(ledger.entry(sequence).spec().fingerprint()).isEqualTo("sha-2");
    }

    @Test
    void aClassThatIsBackRetriesParkedTasksOnly() {
        long quarantined = quarantined();
        long parked = ledger.parked();
        long failed = ledger.submit();
        ledger.fail(failed, 1);
        assertThat(ledger.run(new Command.Retry(Ledger.EXECUTOR, quarantined, null, false)))
                .isEqualTo(UNCHANGED);
        assertThat(ledger.run(new Command.Retry(Ledger.EXECUTOR, failed, null, false)))
                .isEqualTo(UNCHANGED);
        assertThat(ledger.run(new Command.Retry(Ledger.EXECUTOR, parked, null, false)))
                .isEqualTo(CHANGED);
    }

    @Test
    void aRetriedFailureIsReplacedByTheNextOutcome() {
        long sequence = ledger.submit();
        ledger.fail(sequence, 1);
        assertThat(ledger.retry(sequence)).isEqualTo(CHANGED);
        assertThat(ledger.entry(sequence).failure()).isNull();
        assertThat(ledger.executor().results()).isZero();
        assertThat(ledger.startAttempt(sequence)).isEqualTo(new Reply.MayStart(2));
        ledger.complete(sequence, 2);
        assertThat(ledger.entry(sequence).state()).isEqualTo(State.COMPLETED);
        assertThat(ledger.entry(sequence).attempt()).isEqualTo(2);
    }

    @Test
    void successesAndCancellationsCanNotBeRetriedOrDiscarded() {
        long completed = ledger.completed();
        long cancelled = ledger.submit();
        ledger.cancel(cancelled);
        for (long sequence : new long[] {completed, cancelled}) {
            assertThat(ledger.retry(sequence)).isEqualTo(UNCHANGED);
            assertThat(ledger.discard(sequence)).isEqualTo(UNCHANGED);
        }
        assertThat(ledger.discard(ledger.submit())).isEqualTo(UNCHANGED);
    }

    @Test
    void aRetryMayExceedTheCapacityForTheTaskWasAccepted() {
        Ledger small = new Ledger(new ExecutorLimits(1, 10, 10, 1_000, TaskSpec.NO_TTL, false, 10, 10, 1_000));
        long held = small.parked();
        small.submit();
        assertThat(small.retry(held)).isEqualTo(CHANGED);
        assertThat(small.executor().unfinished()).isEqualTo(2);
        assertThat(small.trySubmit()).isInstanceOf(Reply.Refused.class);
    }

    @Test
    void aDiscardedTaskLeavesAtOnce() {
        long parked = ledger.parked();
        long failed = ledger.submit();
        ledger.fail(failed, 1);
        long quarantined = quarantined();
        for (long sequence : new long[] {parked, failed, quarantined}) {
            assertThat(ledger.discard(sequence)).isEqualTo(CHANGED);
            assertThat(ledger.staleness(sequence)).isEqualTo(Staleness.DISPOSED);
            assertThat(ledger.discard(sequence)).isEqualTo(new Reply.Stale(Staleness.DISPOSED));
        }
        assertThat(ledger.executor().held()).isZero();
    }

    @Test
    void aDiscardedTaskLeavesAtOnceAlsoAfterADisposal() {
        long parked = ledger.parked();
        ledger.dispose(parked);
        assertThat(ledger.discard(parked)).isEqualTo(CHANGED);
        assertThat(ledger.ledger.entries()).isEmpty();
    }

    @Test
    void aWaitingTaskIsCancelledWithoutARun() {
        long sequence = ledger.submit();
        ledger.events.take();
        assertThat(ledger.cancel(sequence)).isEqualTo(CHANGED);
        assertThat(ledger.entry(sequence).state()).isEqualTo(State.CANCELLED);
        assertThat(ledger.entry(sequence).payload()).isNull();
        assertThat(ledger.events.take()).containsExactly("cancelled " + sequence, "ended " + sequence + " CANCELLED");
        assertThat(ledger.complete(sequence, 1)).isEqualTo(new Reply.Dropped());
        assertThat(ledger.cancel(sequence)).isEqualTo(UNCHANGED);
    }

    @Test
    void aHeldTaskIsCancelledAndNothingIsInterrupted() {
        long sequence = ledger.parked();
        ledger.events.take();
        assertThat(ledger.cancel(sequence)).isEqualTo(CHANGED);
        assertThat(ledger.events.take()).containsExactly("ended " + sequence + " CANCELLED");
        assertThat(ledger.executor().held()).isZero();
    }

    @Test
    void ofCancelAndCompletionTheFirstDecidedWins() {
        long cancelled = ledger.submit();
        Decision cancel = ledger.decide(new Command.Cancel(Ledger.EXECUTOR, cancelled));
        assertThat(ledger.decide(Ledger.completion(cancelled, 1, 3)).reply()).isEqualTo(new Reply.Dropped());
        ledger.commit(cancel);
        long completed = ledger.submit();
        Decision complete = ledger.decide(Ledger.completion(completed, 1, 3));
        assertThat(ledger.decide(new Command.Cancel(Ledger.EXECUTOR, completed)).reply())
                .isEqualTo(UNCHANGED);
        ledger.commit(complete);
        assertThat(Objects.requireNonNull(ledger.ledger.find(completed)).state())
                .isEqualTo(State.COMPLETED);
    }
}
