package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.TaskSpec;
import org.junit.jupiter.api.Test;

class ExecutorOperationTest {

    private static final Reply CHANGED = new Reply.Done(true);
    private static final Reply UNCHANGED = new Reply.Done(false);

    private final Ledger ledger = new Ledger();

    @Test
    void operationsTakeEffectAndAreTold() {
        assertThat(ledger.operate(Operation.SHUTDOWN, 1)).isEqualTo(CHANGED);
        assertThat(ledger.operate(Operation.PAUSE, 2)).isEqualTo(CHANGED);
        assertThat(ledger.operate(Operation.REOPEN, 3)).isEqualTo(CHANGED);
        assertThat(ledger.operate(Operation.RESUME, 4)).isEqualTo(CHANGED);
        assertThat(ledger.events.take())
                .containsExactly(
                        "executor exec shutdown=true paused=false",
                        "executor exec shutdown=true paused=true",
                        "executor exec shutdown=false paused=true",
                        "executor exec shutdown=false paused=false");
        assertThat(ledger.executor().operation()).isEqualTo(4);
    }

    @Test
    void anOperationThatComesLateIsIgnored() {
        ledger.operate(Operation.REOPEN, 5);
        assertThat(ledger.operate(Operation.SHUTDOWN, 4)).isEqualTo(UNCHANGED);
        assertThat(ledger.operate(Operation.SHUTDOWN, 5)).isEqualTo(UNCHANGED);
        assertThat(ledger.executor().shutdown()).isFalse();
    }

    @Test
    void anOperationThatChangesNothingStillNotesItsNumber() {
        ledger.operate(Operation.SHUTDOWN, 1);
        assertThat(ledger.operate(Operation.SHUTDOWN, 7)).isEqualTo(UNCHANGED);
        assertThat(ledger.operate(Operation.REOPEN, 6)).isEqualTo(UNCHANGED);
        assertThat(ledger.executor().shutdown()).isTrue();
    }

    @Test
    void theSameOperationInFlightTwiceIsLoggedOnce() {
        Command shutdown = new Command.Operate(Ledger.EXECUTOR, Operation.SHUTDOWN, 1);
        assertThat(ledger.decide(shutdown).records()).hasSize(1);
        assertThat(ledger.decide(shutdown).records()).isEmpty();
    }

    @Test
    void afterAShutdownAcceptedTasksStillEndAndResultsStay() {
        long running = ledger.submit();
        long ended = ledger.completed();
        ledger.operate(Operation.SHUTDOWN, 1);
        assertThat(ledger.complete(running, 1)).isEqualTo(CHANGED);
        assertThat(ledger.entry(ended).isTerminal()).isTrue();
    }

    @Test
    void aDestroyRemovesTasksResultsAndKeysAndTellsEach() {
        long ended = ledger.completed();
        long running = ledger.submit(Ledger.spec("k", 3, TaskSpec.NO_TTL, true));
        long held = ledger.parked();
        ledger.run(new Command.Submit("other", Ledger.spec(), Ledger.bytes(1)));
        ledger.operate(Operation.SHUTDOWN, 1);
        ledger.events.take();
        assertThat(ledger.operate(Operation.DESTROY, 2)).isEqualTo(CHANGED);
        assertThat(ledger.events.take())
                .containsExactly(
                        "executor exec shutdown=false paused=false",
                        "removed " + ended + " DISPOSED",
                        "removed " + running + " DISPOSED",
                        "removed " + held + " DISPOSED");
        assertThat(ledger.ledger.entries()).extracting(TaskEntry::executor).containsExactly("other");
        ExecutorState destroyed = ledger.executor();
        assertThat(destroyed.unfinished() + destroyed.held() + destroyed.results() + destroyed.resultBytes())
                .isZero();
        assertThat(ledger.complete(running, 1)).isEqualTo(new Reply.Dropped());
        for (long sequence : new long[] {ended, running, held}) {
            assertThat(ledger.staleness(sequence)).isEqualTo(Staleness.DISPOSED);
        }
        assertThat(ledger.submit(Ledger.spec("k", 3, TaskSpec.NO_TTL, true))).isGreaterThan(held);
    }

    @Test
    void afterADestroyInFlightTheExecutorIsEmpty() {
        long sequence = ledger.submit(Ledger.spec("k", 3, TaskSpec.NO_TTL, true));
        Decision destroy = ledger.decide(new Command.Operate(Ledger.EXECUTOR, Operation.DESTROY, 1));
        assertThat(ledger.decide(Ledger.completion(sequence, 1, 1)).reply()).isEqualTo(new Reply.Dropped());
        Command again =
                new Command.Submit(Ledger.EXECUTOR, Ledger.spec("k", 3, TaskSpec.NO_TTL, true), Ledger.bytes(1));
        Decision stored = ledger.decide(again);
        assertThat(stored.reply()).isEqualTo(new Reply.Stored(sequence + 1, false));
        assertThat(ledger.ledger.unfinished(Ledger.EXECUTOR)).isEqualTo(1);
        ledger.commit(destroy);
        ledger.commit(stored);
        assertThat(ledger.run(again)).isEqualTo(new Reply.Stored(sequence + 1, true));
        assertThat(ledger.executor().unfinished()).isEqualTo(1);
    }

    @Test
    void theCountersOutliveADestroy() {
        ledger.completed();
        ledger.operate(Operation.DESTROY, 1);
        assertThat(ledger.executor().counters().completed()).isEqualTo(1);
    }
}
