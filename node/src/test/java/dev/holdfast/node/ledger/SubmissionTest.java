package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubmissionTest {

    private static ExecutorLimits capacity(int capacity, int maxHeld) {
        return new ExecutorLimits(capacity, maxHeld, 100, 1_000_000, TaskSpec.NO_TTL, false, 100, 100, 1_000);
    }

    private static ExecutorLimits rejecting(long maxResults, long maxBytes) {
        return new ExecutorLimits(100, 100, maxResults, maxBytes, TaskSpec.NO_TTL, true, 100, 100, 1_000);
    }

    private static Refusal refusal(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Refused.class);
        return ((Reply.Refused) reply).refusal();
    }

    @Test
    void aStoredTaskIsFoundOnceItIsCommittedAndNotBefore() {
        Ledger ledger = new Ledger();
        Decision decision = ledger.decide(new Command.Submit("a", Ledger.spec(), Ledger.bytes(3)));
        long sequence = Ledger.stored(decision.reply());
        assertThat(ledger.ledger.find(sequence)).isNull();
        assertThat(ledger.ledger.unfinished("a")).isEqualTo(1);
        ledger.commit(decision);
        assertThat(ledger.entry(sequence).executor()).isEqualTo("a");
        assertThat(ledger.entry(sequence).attempt()).isZero();
        assertThat(ledger.events.take()).containsExactly("submitted " + sequence);
        assertThat(ledger.ledger.unfinished("a")).isEqualTo(1);
    }

    @Test
    void sequencesAreDenseOverAllExecutorsAndNotUsedUpByRefusals() {
        Ledger ledger = new Ledger(capacity(1, 1));
        List<Long> sequences = new ArrayList<>();
        for (String executor : List.of("a", "b", "a", "c", "b")) {
            if (ledger.run(new Command.Submit(executor, Ledger.spec(), Ledger.bytes(1))) instanceof Reply.Stored s) {
                sequences.add(s.sequence());
            }
        }
        assertThat(sequences).containsExactly(1L, 2L, 3L);
        assertThat(ledger.ledger.nextSequence()).isEqualTo(4);
    }

    @Test
    void aFullExecutorRefusesWithItsNameThePartitionAndTheCapacity() {
        Ledger ledger = new Ledger(capacity(2, 1));
        ledger.submit();
        ledger.submit();
        Reply.Refused refused = (Reply.Refused) ledger.trySubmit();
        assertThat(refused.refusal()).isEqualTo(Refusal.CAPACITY);
        assertThat(refused.message()).contains("executor=exec", "partition=3", "capacity=2", "unfinished=2");
    }

    @Test
    void tasksInFlightTakeTheirSlots() {
        Ledger ledger = new Ledger(capacity(2, 1));
        Command submit = new Command.Submit(Ledger.EXECUTOR, Ledger.spec(), Ledger.bytes(1));
        ledger.decide(submit);
        ledger.decide(submit);
        assertThat(refusal(ledger.decide(submit).reply())).isEqualTo(Refusal.CAPACITY);
        ledger.ledger.dropInFlight();
        assertThat(Ledger.stored(ledger.decide(submit).reply())).isEqualTo(1);
    }

    @Test
    void anEndedTaskGivesItsSlotBackAndItsResultTakesNone() {
        Ledger ledger = new Ledger(capacity(1, 1));
        ledger.complete(ledger.submit(), 1);
        ledger.fail(ledger.submit(), 1);
        ledger.cancel(ledger.submit());
        assertThat(ledger.trySubmit()).isInstanceOf(Reply.Stored.class);
    }

    @Test
    void heldTasksTakeNoSlotButTooManyOfThemRefuseSubmits() {
        Ledger ledger = new Ledger(capacity(1, 1));
        ledger.parked();
        ledger.parked();
        Reply.Refused refused = (Reply.Refused) ledger.trySubmit();
        assertThat(refused.refusal()).isEqualTo(Refusal.HELD);
        assertThat(refused.message()).contains("held=2", "max-held=1");
    }

    @Test
    void rejectRefusesWhileResultsAndUnfinishedTasksReachTheLimit() {
        Ledger ledger = new Ledger(rejecting(2, 1_000));
        long first = ledger.completed();
        ledger.submit();
        assertThat(refusal(ledger.trySubmit())).isEqualTo(Refusal.RESULTS);
        ledger.dispose(first);
        assertThat(ledger.trySubmit()).isInstanceOf(Reply.Stored.class);
    }

    @Test
    void rejectRefusesWhileTheBytesOfResultsReachTheLimit() {
        Ledger ledger = new Ledger(rejecting(100, 50));
        long first = ledger.submit();
        long second = ledger.submit();
        ledger.complete(first, 1, 49);
        assertThat(ledger.trySubmit()).isInstanceOf(Reply.Stored.class);
        ledger.complete(second, 1, 49);
        assertThat(refusal(ledger.trySubmit())).isEqualTo(Refusal.RESULTS);
        assertThat(ledger.executor().results()).isEqualTo(2);
    }

    @Test
    void aLogWithoutRoomRefusesSubmitsAndTakesEverythingElse() {
        Ledger ledger = new Ledger();
        long sequence = ledger.submit();
        ledger.ledger.setRoom(false);
        assertThat(refusal(ledger.trySubmit())).isEqualTo(Refusal.SPACE);
        assertThat(ledger.complete(sequence, 1)).isEqualTo(new Reply.Done(true));
        ledger.ledger.setRoom(true);
        assertThat(ledger.trySubmit()).isInstanceOf(Reply.Stored.class);
    }

    @Test
    void noSequenceIsIssuedAtOrBeyondTheReservedEnd() {
        TaskLedger ledger = new TaskLedger(new PartitionId(0), name -> Ledger.LIMITS, RingListener.NONE);
        Command submit = new Command.Submit("a", Ledger.spec(), Ledger.bytes(1));
        assertThat(refusal(ledger.decide(submit, 1).reply())).isEqualTo(Refusal.SEQUENCES);
        ledger.allowSequencesUpTo(3);
        assertThat(Ledger.stored(ledger.decide(submit, 1).reply())).isEqualTo(1);
        assertThat(Ledger.stored(ledger.decide(submit, 1).reply())).isEqualTo(2);
        assertThat(refusal(ledger.decide(submit, 1).reply())).isEqualTo(Refusal.SEQUENCES);
        ledger.allowSequencesUpTo(2);
        ledger.allowSequencesUpTo(4);
        assertThat(Ledger.stored(ledger.decide(submit, 1).reply())).isEqualTo(3);
    }

    @Test
    void afterACrashIssuingGoesOnWhereTheReservationEnds() {
        Ledger ledger = new Ledger();
        ledger.submit();
        ledger.run(ledger.startEpoch(EpochCause.CRASH_START, 65_537, Optional.empty()));
        assertThat(ledger.ledger.nextSequence()).isEqualTo(65_537);
        assertThat(ledger.submit()).isEqualTo(65_537);
        assertThat(ledger.staleness(5)).isEqualTo(Reply.Staleness.UNKNOWN);
    }

    @Test
    void sequencesThatMayBeLostAnswerLostAndAreNotIssuedAgain() {
        Ledger ledger = new Ledger();
        ledger.submit();
        ledger.run(ledger.startEpoch(EpochCause.CRASH_START, 10, Optional.of(new SequenceRange(2, 10))));
        assertThat(ledger.submit()).isEqualTo(10);
        assertThat(ledger.staleness(2)).isEqualTo(Reply.Staleness.LOST);
        assertThat(ledger.staleness(9)).isEqualTo(Reply.Staleness.LOST);
        assertThat(ledger.staleness(11)).isEqualTo(Reply.Staleness.UNKNOWN);
    }

    @Test
    void aShutDownExecutorRefusesSubmitsAlsoWhileTheShutdownIsInFlight() {
        Ledger ledger = new Ledger();
        Decision shutdown = ledger.decide(new Command.Operate(Ledger.EXECUTOR, Operation.SHUTDOWN, 1));
        Command submit = new Command.Submit(Ledger.EXECUTOR, Ledger.spec(), Ledger.bytes(1));
        assertThat(refusal(ledger.decide(submit).reply())).isEqualTo(Refusal.SHUTDOWN);
        ledger.commit(shutdown);
        Reply.Refused refused = (Reply.Refused) ledger.trySubmit();
        assertThat(refused.refusal()).isEqualTo(Refusal.SHUTDOWN);
        assertThat(refused.message()).contains("shut down", "executor=exec");
    }

    @Test
    void aPausedExecutorTakesSubmits() {
        Ledger ledger = new Ledger();
        ledger.operate(Operation.PAUSE, 1);
        assertThat(ledger.trySubmit()).isInstanceOf(Reply.Stored.class);
    }

    @Test
    void anotherExecutorsFullnessIsNoMatter() {
        Ledger ledger = new Ledger(capacity(1, 1));
        ledger.submit();
        assertThat(ledger.run(new Command.Submit("other", Ledger.spec(), Ledger.bytes(1))))
                .isInstanceOf(Reply.Stored.class);
    }
}
