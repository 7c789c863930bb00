package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Calls that come again because their answer was lost. */
class RequestTest {

    private static final UUID CALLER = new UUID(1, 2);
    private static final UUID OTHER = new UUID(3, 4);

    private final Ledger ledger = new Ledger();

    private static RequestId id(long number) {
        return new RequestId(CALLER, number, 1);
    }

    private static Command.Submit submit(RequestId request) {
        return new Command.Submit(Ledger.EXECUTOR, Ledger.spec(), Ledger.bytes(8), request);
    }

    private static Command.RetrieveAndDispose take(long sequence, RequestId request) {
        return new Command.RetrieveAndDispose(Ledger.EXECUTOR, sequence, request);
    }

    @Test
    void aSubmitThatComesAgainIsAnsweredAsTheFirstAndStoresNothing() {
        assertThat(ledger.run(submit(id(1)))).isEqualTo(new Reply.Stored(1, false));
        Decision again = ledger.decide(submit(id(1)));
        assertThat(again.records()).isEmpty();
        assertThat(again.reply()).isEqualTo(new Reply.Stored(1, false));
        assertThat(ledger.run(submit(id(2)))).isEqualTo(new Reply.Stored(2, false));
        assertThat(ledger.ledger.entries()).hasSize(2);
    }

    @Test
    void theSameNumberOfAnotherCallerIsAnotherCall() {
        ledger.run(submit(id(1)));
        assertThat(ledger.run(submit(new RequestId(OTHER, 1, 1)))).isEqualTo(new Reply.Stored(2, false));
    }

    @Test
    void aCallThatComesAgainBeforeTheCommitIsAnsweredWithTheFirst() {
        Decision first = ledger.decide(submit(id(1)));
        Decision second = ledger.decide(submit(id(1)));
        assertThat(second.records()).isEmpty();
        assertThat(second.reply()).isEqualTo(first.reply());
        ledger.commit(first);
        assertThat(ledger.run(submit(id(1)))).isEqualTo(first.reply());
    }

    @Test
    void aCallWhoseRecordCouldNotBeAppendedIsDecidedAnew() {
        ledger.run(submit(id(1)));
        ledger.decide(submit(id(2)));
        ledger.decide(submit(id(3)));
        ledger.ledger.dropInFlightBeyond(1);
        assertThat(ledger.decide(submit(id(2))).records()).isEmpty();
        ledger.ledger.dropInFlight();
        assertThat(ledger.decide(submit(id(1))).records()).isEmpty();
        assertThat(ledger.decide(submit(id(3))).records()).hasSize(1);
    }

    @Test
    void whoReplayedTheLogKnowsTheCalls() {
        ledger.run(submit(id(1)));
        Ledger replayed = Ledger.replayed(Ledger.LIMITS, ledger.log);
        assertThat(replayed.run(submit(id(1)))).isEqualTo(new Reply.Stored(1, false));
        assertThat(replayed.log).hasSize(1);
    }

    @Test
    void whoInstalledACheckpointKnowsTheCalls() {
        ledger.run(submit(id(1)));
        Ledger installed = new Ledger();
        assertThat(installed.run(submit(id(7)))).isEqualTo(new Reply.Stored(1, false));
        Ledger next = new Ledger();
        ledger.ledger.snapshot().forEach(next.ledger::install);
        assertThat(next.run(submit(id(1)))).isEqualTo(new Reply.Stored(1, false));
        assertThat(next.log).isEmpty();
    }

    /** The table of what is in flight must not be an older one than the ring's. */
    @Test
    void whoDecidedBeforeAndThenFollowedAnotherPrimaryKnowsWhatThatOneAnswered() {
        ledger.run(submit(id(1)));
        ledger.ledger.dropInFlight();
        LogRecord.Submitted elsewhere =
                new LogRecord.Submitted(2, Ledger.EXECUTOR, 1_000, Ledger.spec(), Ledger.bytes(8), id(2));
        ledger.commit(elsewhere);
        assertThat(ledger.run(submit(id(2)))).isEqualTo(new Reply.Stored(2, false));
        assertThat(ledger.run(submit(id(1)))).isEqualTo(new Reply.Stored(1, false));
    }

    @Test
    void whoTakesUpTheTailOfALogKnowsTheCallsInIt() {
        Decision first = ledger.decide(submit(id(1)));
        Ledger next = new Ledger();
        first.records().forEach(next.ledger::takeUp);
        assertThat(next.decide(submit(id(1))).records()).isEmpty();
        next.commit(first);
        assertThat(next.run(submit(id(1)))).isEqualTo(first.reply());
    }

    @Test
    void aFullOrShutDownExecutorAnswersAsTheFirstTime() {
        Ledger small = new Ledger(new ExecutorLimits(1, 100, 100, 1_000_000, TaskSpec.NO_TTL, false, 100, 2, 1_000));
        small.run(submit(id(1)));
        assertThat(small.run(submit(id(2)))).isInstanceOf(Reply.Refused.class);
        assertThat(small.run(submit(id(1)))).isEqualTo(new Reply.Stored(1, false));
        small.ledger.setRoom(false);
        assertThat(small.run(submit(id(1)))).isEqualTo(new Reply.Stored(1, false));
        small.operate(Command.Operation.DESTROY, 1);
        small.operate(Command.Operation.SHUTDOWN, 2);
        assertThat(small.run(submit(id(1)))).isEqualTo(new Reply.Stored(1, false));
    }

    @Test
    void changesThatComeAgainAreAnsweredAsTheFirstTimeAndDoneOnce() {
        long cancelled = ledger.submit();
        long disposed = ledger.completed();
        long discarded = ledger.parked();
        long retried = ledger.parked();
        List<Command> calls = List.of(
                new Command.Cancel(Ledger.EXECUTOR, cancelled, id(1)),
                new Command.Dispose(Ledger.EXECUTOR, disposed, id(2)),
                new Command.Discard(Ledger.EXECUTOR, discarded, id(3)),
                new Command.Retry(Ledger.EXECUTOR, retried, null, true, id(4)));
        calls.forEach(call -> assertThat(ledger.run(call)).isEqualTo(new Reply.Done(true)));
        int logged = ledger.log.size();
        calls.forEach(call -> assertThat(ledger.run(call)).isEqualTo(new Reply.Done(true)));
        assertThat(ledger.log).hasSize(logged);
        // what a new call is told
        assertThat(ledger.cancel(cancelled)).isEqualTo(new Reply.Done(false));
        assertThat(ledger.discard(discarded)).isEqualTo(new Reply.Stale(Staleness.DISPOSED));
    }

    @Test
    void whoTookAnOutcomeIsToldSoAndAnybodyElseThatItIsGone() {
        long sequence = ledger.completed();
        assertThat(ledger.run(take(sequence, id(1)))).isInstanceOf(Reply.Ended.class);
        assertThat(ledger.run(take(sequence, id(1)))).isEqualTo(new Reply.Taken());
        assertThat(ledger.run(take(sequence, id(2)))).isEqualTo(new Reply.Stale(Staleness.DISPOSED));
        assertThat(ledger.run(take(sequence, new RequestId(OTHER, 1, 1))))
                .isEqualTo(new Reply.Stale(Staleness.DISPOSED));
    }

    @Test
    void anOutcomeWhoseTakingIsNotCommittedIsGivenAgainToWhoTookIt() {
        long sequence = ledger.completed();
        Reply first = ledger.decide(take(sequence, id(1))).reply();
        assertThat(ledger.decide(take(sequence, id(1))).reply()).isEqualTo(first);
        assertThat(ledger.decide(take(sequence, id(2))).reply()).isEqualTo(new Reply.Stale(Staleness.DISPOSED));
    }

    @Test
    void aCallThatChangedNothingIsDecidedAnew() {
        long sequence = ledger.submit();
        assertThat(ledger.run(take(sequence, id(1)))).isEqualTo(new Reply.NotEnded());
        assertThat(ledger.run(new Command.Retry(Ledger.EXECUTOR, sequence, null, true, id(2))))
                .isEqualTo(new Reply.Done(false));
        ledger.fail(sequence, 1);
        assertThat(ledger.run(new Command.Retry(Ledger.EXECUTOR, sequence, null, true, id(2))))
                .isEqualTo(new Reply.Done(true));
        ledger.startAttempt(sequence);
        ledger.complete(sequence, 2);
        assertThat(ledger.run(take(sequence, id(1)))).isInstanceOf(Reply.Ended.class);
    }

    @Test
    void aLateCopyOfAnAnsweredCallDoesNothing() {
        ledger.run(submit(id(1)));
        ledger.run(submit(new RequestId(CALLER, 2, 2)));
        Decision late = ledger.decide(submit(id(1)));
        assertThat(late.records()).isEmpty();
        assertThat(((Reply.Refused) late.reply()).refusal()).isEqualTo(Refusal.SPENT);
        assertThat(ledger.run(submit(new RequestId(CALLER, 2, 1)))).isEqualTo(new Reply.Stored(2, false));
    }

    @Test
    void aNumberIsNotAnsweredForAnotherCall() {
        long first = ledger.submit();
        long second = ledger.submit();
        ledger.run(new Command.Cancel(Ledger.EXECUTOR, first, id(1)));
        for (Command another : List.of(
                submit(id(1)),
                new Command.Cancel(Ledger.EXECUTOR, second, id(1)),
                new Command.Dispose(Ledger.EXECUTOR, first, id(1)))) {
            Decision decision = ledger.decide(another);
            assertThat(decision.records()).isEmpty();
            assertThat(((Reply.Refused) decision.reply()).refusal()).isEqualTo(Refusal.SPENT);
            assertThat(((Reply.Refused) decision.reply()).message()).contains("CANCELLED, sequence=" + first);
        }
    }

    @Test
    void onlyTheRecordThatACallCausesHasItsRequest() {
        Ledger small = new Ledger(new ExecutorLimits(100, 100, 1, 1_000_000, TaskSpec.NO_TTL, false, 100, 2, 1_000));
        long evicted = small.completed();
        long sequence = small.submit();
        small.log.clear();
        small.run(new Command.Cancel(Ledger.EXECUTOR, sequence, id(1)));
        assertThat(small.log)
                .containsExactly(
                        new LogRecord.Cancelled(sequence, 1_000, id(1)), new LogRecord.Evicted(evicted, 1_000));
        small.log.clear();
        small.submit();
        assertThat(small.log.get(0).request()).isNull();
    }

    @Test
    void whetherASubmitIsStoredCanBeAskedWithoutDecidingIt() {
        Command.Submit keyed = new Command.Submit(
                Ledger.EXECUTOR, Ledger.spec("key", 3, TaskSpec.NO_TTL, true), Ledger.bytes(1), id(1));
        assertThat(ledger.ledger.isStored(keyed, ledger.now)).isFalse();
        ledger.decide(keyed);
        assertThat(ledger.ledger.isStored(keyed, ledger.now)).isTrue();
        assertThat(ledger.ledger.isStored(keyed.requestedBy(id(2)), ledger.now)).isTrue();
        assertThat(ledger.ledger.isStored(submit(id(1)), ledger.now)).isTrue();
        assertThat(ledger.ledger.isStored(submit(id(2)), ledger.now)).isFalse();
        assertThat(ledger.ledger.inFlight()).isEqualTo(1);
        assertThat(ledger.ledger.nextSequence()).isEqualTo(TaskId.FIRST_SEQUENCE + 1);
    }
}
