package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.storage.log.TaskSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdempotencyTest {

    private static final long KEY_TTL_MILLIS = 1_000;

    private final Ledger ledger =
            new Ledger(new ExecutorLimits(3, 100, 100, 1_000_000, TaskSpec.NO_TTL, false, 100, 2, KEY_TTL_MILLIS));

    private static Command.Submit keyed(String executor, String key) {
        return new Command.Submit(executor, Ledger.spec(key, 3, TaskSpec.NO_TTL, true), Ledger.bytes(2));
    }

    private Reply submit(String key) {
        return ledger.run(keyed(Ledger.EXECUTOR, key));
    }

    @Test
    void theSameKeyGivesTheSameTask() {
        long sequence = Ledger.stored(submit("k"));
        assertThat(submit("k")).isEqualTo(new Reply.Stored(sequence, true));
        assertThat(ledger.ledger.entries()).hasSize(1);
    }

    @Test
    void aDuplicateInFlightIsAnsweredWithTheFirst() {
        Decision first = ledger.decide(keyed(Ledger.EXECUTOR, "k"));
        Decision second = ledger.decide(keyed(Ledger.EXECUTOR, "k"));
        assertThat(second.records()).isEmpty();
        assertThat(second.reply()).isEqualTo(new Reply.Stored(Ledger.stored(first.reply()), true));
    }

    @Test
    void aKeyWhoseTaskCouldNotBeAppendedIsFree() {
        ledger.decide(keyed(Ledger.EXECUTOR, "k"));
        ledger.ledger.dropInFlight();
        assertThat(submit("k")).isEqualTo(new Reply.Stored(1, false));
    }

    @Test
    void anotherExecutorsKeyIsAnotherKey() {
        submit("k");
        assertThat(ledger.run(keyed("other", "k"))).isEqualTo(new Reply.Stored(2, false));
    }

    @Test
    void aDuplicateIsAnsweredAlsoByAFullOrShutDownExecutor() {
        submit("k");
        ledger.submit();
        ledger.submit();
        assertThat(submit("k")).isEqualTo(new Reply.Stored(1, true));
        ledger.operate(Operation.SHUTDOWN, 1);
        ledger.ledger.setRoom(false);
        assertThat(submit("k")).isEqualTo(new Reply.Stored(1, true));
    }

    @Test
    void aKeyOutlivesItsResult() {
        long sequence = Ledger.stored(submit("k"));
        ledger.complete(sequence, 1);
        ledger.dispose(sequence);
        assertThat(submit("k")).isEqualTo(new Reply.Stored(sequence, true));
        assertThat(ledger.staleness(sequence)).isEqualTo(Reply.Staleness.DISPOSED);
    }

    @Test
    void aKeyEndsWithItsTime() {
        submit("k");
        ledger.now += KEY_TTL_MILLIS - 1;
        assertThat(submit("k")).isEqualTo(new Reply.Stored(1, true));
        ledger.now += 1;
        assertThat(submit("k")).isEqualTo(new Reply.Stored(2, false));
        assertThat(submit("k")).isEqualTo(new Reply.Stored(2, true));
    }

    @Test
    void aKeyEndsWithTheNumberOfLaterKeysAlsoWhileThoseAreInFlight() {
        submit("a");
        submit("b");
        assertThat(submit("a")).isEqualTo(new Reply.Stored(1, true));
        Decision third = ledger.decide(keyed(Ledger.EXECUTOR, "c"));
        Command.Submit again = keyed(Ledger.EXECUTOR, "b");
        assertThat(ledger.decide(again).reply()).isEqualTo(new Reply.Stored(2, true));
        ledger.commit(third);
        ledger.cancel(1);
        assertThat(submit("b")).isEqualTo(new Reply.Stored(2, true));
        assertThat(submit("a")).isEqualTo(new Reply.Stored(4, false));
    }

    @Test
    void aClockThatIsSetBackMakesAKeyLastLongerNotShorter() {
        ledger.now = 50_000;
        submit("late");
        ledger.now = 10_000;
        submit("early");
        ledger.now = 10_000 + KEY_TTL_MILLIS;
        assertThat(submit("early")).isEqualTo(new Reply.Stored(2, true));
    }

    @Test
    void keysAreInTheSnapshot() {
        submit("k");
        Ledger restored = new Ledger(Ledger.LIMITS);
        ledger.ledger.snapshot().forEach(restored.ledger::install);
        assertThat(restored.run(keyed(Ledger.EXECUTOR, "k"))).isEqualTo(new Reply.Stored(1, true));
    }

    @Test
    void aKeyThatWasStoredAgainComesBackUnderLimitsThatWouldHaveKeptIt() {
        submit("k");
        ledger.now += KEY_TTL_MILLIS;
        assertThat(submit("k")).isEqualTo(new Reply.Stored(2, false));
        submit("other");
        ExecutorLimits longer =
                new ExecutorLimits(3, 100, 100, 1_000_000, TaskSpec.NO_TTL, false, 100, 2, 100 * KEY_TTL_MILLIS);
        for (ExecutorLimits limits : List.of(longer, ExecutorLimits.NONE)) {
            Ledger replayed = Ledger.replayed(limits, ledger.log);
            replayed.now = ledger.now;
            assertThat(replayed.run(keyed(Ledger.EXECUTOR, "k"))).isEqualTo(new Reply.Stored(2, true));
            Ledger restored = new Ledger(limits);
            restored.now = ledger.now;
            replayed.ledger.snapshot().forEach(restored.ledger::install);
            assertThat(restored.run(keyed(Ledger.EXECUTOR, "k"))).isEqualTo(new Reply.Stored(2, true));
        }
    }

    @Test
    void theEarlierTaskOfAKeyTakesTheKeyFromNobodyWhenItIsForgotten() {
        submit("k");
        ledger.now += KEY_TTL_MILLIS;
        submit("k");
        ExecutorLimits two = new ExecutorLimits(9, 100, 100, 1_000_000, TaskSpec.NO_TTL, false, 100, 2, Long.MAX_VALUE);
        Ledger replayed = Ledger.replayed(two, ledger.log);
        replayed.now = ledger.now;
        assertThat(replayed.run(keyed(Ledger.EXECUTOR, "other"))).isEqualTo(new Reply.Stored(3, false));
        assertThat(replayed.run(keyed(Ledger.EXECUTOR, "k"))).isEqualTo(new Reply.Stored(2, true));
    }
}
