package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.TaskSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static ExecutorLimits limits(long maxResults, long maxBytes, long ttlMillis) {
        return new ExecutorLimits(100_000, 100, maxResults, maxBytes, ttlMillis, false, 100_000, 100, 1_000);
    }

    @Test
    void theOldestFinishedResultIsEvictedFirst() {
        Ledger ledger = new Ledger(limits(2, 1_000, TaskSpec.NO_TTL));
        long first = ledger.submit();
        long second = ledger.submit();
        long third = ledger.submit();
        ledger.complete(third, 1);
        ledger.fail(first, 1);
        ledger.events.take();
        ledger.complete(second, 1);
        assertThat(ledger.events.take())
                .containsExactly("ended " + second + " COMPLETED", "removed " + third + " EVICTED");
        assertThat(ledger.staleness(third)).isEqualTo(Reply.Staleness.EVICTED);
        assertThat(ledger.executor().results()).isEqualTo(2);
        assertThat(ledger.executor().counters().evicted()).isEqualTo(1);
    }

    @Test
    void resultsAreEvictedToStayWithinTheBytes() {
        Ledger ledger = new Ledger(limits(100, 100, TaskSpec.NO_TTL));
        long first = ledger.submit();
        long second = ledger.submit();
        long third = ledger.submit();
        ledger.complete(first, 1, 40);
        ledger.complete(second, 1, 40);
        ledger.complete(third, 1, 60);
        assertThat(ledger.staleness(first)).isEqualTo(Reply.Staleness.EVICTED);
        assertThat(ledger.entry(second).isTerminal()).isTrue();
        assertThat(ledger.executor().resultBytes()).isEqualTo(100);
    }

    @Test
    void aResultLargerThanAllMayBeIsKeptAlone() {
        Ledger ledger = new Ledger(limits(100, 100, TaskSpec.NO_TTL));
        ledger.completed();
        long large = ledger.submit();
        ledger.complete(large, 1, 500);
        assertThat(ledger.ledger.entries()).extracting(TaskEntry::sequence).containsExactly(large);
        long next = ledger.completed();
        assertThat(ledger.ledger.entries()).extracting(TaskEntry::sequence).containsExactly(next);
    }

    @Test
    void failuresAndCancellationsCountAsResults() {
        Ledger ledger = new Ledger(limits(1, 1_000, TaskSpec.NO_TTL));
        long first = ledger.completed();
        long second = ledger.submit();
        ledger.fail(second, 1);
        assertThat(ledger.staleness(first)).isEqualTo(Reply.Staleness.EVICTED);
        long third = ledger.submit();
        ledger.cancel(third);
        assertThat(ledger.staleness(second)).isEqualTo(Reply.Staleness.EVICTED);
    }

    @Test
    void unfinishedAndHeldTasksAreNeverEvicted() {
        Ledger ledger = new Ledger(limits(1, 1, 10));
        long unfinished = ledger.submit();
        long held = ledger.parked();
        for (int i = 0; i < 10; i++) {
            ledger.completed();
        }
        ledger.now += 1_000_000;
        ledger.run(new Command.Sweep());
        assertThat(ledger.ledger.entries()).extracting(TaskEntry::sequence).containsExactly(unfinished, held);
    }

    @Test
    void aSweepRemovesResultsWhoseTimeIsOver() {
        Ledger ledger = new Ledger(limits(100, 1_000, 500));
        long first = ledger.completed();
        ledger.now += 300;
        long second = ledger.completed();
        ledger.now += 200;
        assertThat(ledger.run(new Command.Sweep())).isEqualTo(new Reply.Done(false));
        assertThat(ledger.staleness(first)).isEqualTo(Reply.Staleness.EVICTED);
        assertThat(ledger.entry(second).isTerminal()).isTrue();
    }

    @Test
    void theShorterOfTheTasksAndTheExecutorsTimeToLiveHolds() {
        Ledger ledger = new Ledger(limits(100, 1_000, 500));
        long shorter = ledger.submit(Ledger.spec(null, 3, 100, true));
        long longer = ledger.submit(Ledger.spec(null, 3, 5_000, true));
        ledger.complete(shorter, 1);
        ledger.complete(longer, 1);
        ledger.now += 100;
        ledger.run(new Command.Sweep());
        assertThat(ledger.ledger.entries()).extracting(TaskEntry::sequence).containsExactly(longer);
        ledger.now += 400;
        ledger.run(new Command.Sweep());
        assertThat(ledger.ledger.entries()).isEmpty();
    }

    @Test
    void aTasksTimeToLiveHoldsAlsoWhereTheExecutorHasNone() {
        Ledger ledger = new Ledger(limits(100, 1_000, TaskSpec.NO_TTL));
        long kept = ledger.completed();
        long expired = ledger.submit(Ledger.spec(null, 3, 100, true));
        ledger.complete(expired, 1);
        ledger.now += 100;
        ledger.run(new Command.Sweep());
        assertThat(ledger.ledger.entries()).extracting(TaskEntry::sequence).containsExactly(kept);
    }

    @Test
    void aSweepIsBoundedAndSaysThatThereMayBeMore() {
        Ledger ledger = new Ledger(limits(100_000, 1_000_000, 5));
        for (int i = 0; i < 1_500; i++) {
            ledger.completed();
        }
        ledger.now += 5;
        assertThat(ledger.run(new Command.Sweep())).isEqualTo(new Reply.Done(true));
        assertThat(ledger.executor().results()).isEqualTo(500);
        assertThat(ledger.run(new Command.Sweep())).isEqualTo(new Reply.Done(false));
        assertThat(ledger.executor().results()).isZero();
        assertThat(ledger.executor().counters().evicted()).isEqualTo(1_500);
    }

    @Test
    void twoSweepsInFlightRemoveNothingTwice() {
        Ledger ledger = new Ledger(limits(100, 1_000, 5));
        ledger.completed();
        ledger.now += 5;
        List<LogRecord.Replicated> first = ledger.decide(new Command.Sweep()).records();
        assertThat(first).hasSize(1);
        assertThat(ledger.decide(new Command.Sweep()).records()).isEmpty();
    }

    @Test
    void theResultOfAnExecuteIsNotKept() {
        Ledger ledger = new Ledger();
        long sequence = ledger.submit(Ledger.spec(null, 3, TaskSpec.NO_TTL, false));
        ledger.events.take();
        ledger.complete(sequence, 1);
        assertThat(ledger.staleness(sequence)).isEqualTo(Reply.Staleness.DISPOSED);
        assertThat(ledger.executor().counters().completed()).isEqualTo(1);
        assertThat(ledger.executor().results()).isZero();
        assertThat(((LogRecord.Completed) ledger.log.get(1)).result()).isNull();
        assertThat(ledger.events.take())
                .containsExactly("ended " + sequence + " COMPLETED", "removed " + sequence + " DISPOSED");
    }

    @Test
    void theFailureOfAnExecuteIsKept() {
        Ledger ledger = new Ledger();
        long sequence = ledger.submit(Ledger.spec(null, 3, TaskSpec.NO_TTL, false));
        ledger.fail(sequence, 1);
        assertThat(ledger.entry(sequence).failure()).isNotNull();
        assertThat(ledger.executor().counters().failed()).isEqualTo(1);
    }

    @Test
    void evictionGoesOnInOrderAfterASnapshot() {
        Ledger ledger = new Ledger(limits(3, 1_000, TaskSpec.NO_TTL));
        long first = ledger.submit();
        long second = ledger.submit();
        long third = ledger.submit();
        ledger.complete(third, 1);
        ledger.complete(first, 1);
        ledger.complete(second, 1);
        Ledger restored = new Ledger(limits(3, 1_000, TaskSpec.NO_TTL));
        ledger.ledger.snapshot().forEach(restored.ledger::install);
        restored.completed();
        assertThat(restored.staleness(third)).isEqualTo(Reply.Staleness.EVICTED);
        restored.completed();
        assertThat(restored.staleness(first)).isEqualTo(Reply.Staleness.EVICTED);
    }
}
