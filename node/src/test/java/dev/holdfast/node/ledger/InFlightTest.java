package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Deciding ahead of commits changes no answer: a ledger with much in flight against one that commits each command. */
class InFlightTest {

    private static final int SEEDS = 400;
    private static final int COMMANDS = 300;

    @Test
    void aBatchDecidedBeforeAnyCommitIsAnsweredAsIfEachHadBeenApplied() {
        int givenAgain = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            givenAgain += new Run(seed).run(0);
        }
        assertThat(givenAgain).isPositive();
    }

    @Test
    void whatCouldNotBeAppendedLeavesNoTrace() {
        for (int seed = 0; seed < SEEDS; seed++) {
            new Run(seed).run(10);
        }
    }

    /** A primary that dies before its epoch is committed leaves it in the tail: the next one has two in flight. */
    @Test
    void aNewPrimaryTakesUpTheTailOfTheLogWithEpochsThatNobodyCommitted() {
        Ledger first = new Ledger();
        first.start(LogRecord.EpochCause.FIRST);
        long started = first.submit();
        first.run(new Command.StartAttempt(started));
        List<LogRecord.Replicated> tail = new ArrayList<>();
        tail.addAll(first.decide(first.startEpoch(LogRecord.EpochCause.CRASH_START, 2, Optional.empty()))
                .records());
        tail.addAll(first.decide(new Command.StartAttempt(started)).records());

        Ledger next = Ledger.replayed(Ledger.LIMITS, first.log);
        next.epoch = first.epoch;
        tail.forEach(next.ledger::takeUp);
        tail.addAll(next.decide(next.startEpoch(LogRecord.EpochCause.CRASH_START, 2, Optional.empty()))
                .records());
        tail.addAll(next.decide(new Command.StartAttempt(started)).records());
        assertThat(((LogRecord.AttemptStarted) tail.get(tail.size() - 1)).attempt())
                .isEqualTo(4);

        tail.forEach(next.ledger::apply);
        Ledger replayed = Ledger.replayed(Ledger.LIMITS, first.log);
        tail.forEach(replayed.ledger::apply);
        assertThat(Text.of(next.ledger.snapshot())).isEqualTo(Text.of(replayed.ledger.snapshot()));
        assertThat(next.ledger.inFlight()).isZero();
    }

    private static final class Run {
        private final int seed;
        private final SplittableRandom random;
        private final RandomHistory history;
        private final boolean forgetsTombstones;
        private final TaskLedger ahead;
        private final ArrayDeque<LogRecord.Replicated> inFlight = new ArrayDeque<>();
        private final Map<Long, String> taken = new HashMap<>();
        private final int batch;
        private int givenAgain;

        Run(int seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.forgetsTombstones = seed % 4 == 0;
            this.history = new RandomHistory(random.split(), forgetsTombstones ? 2 : 100_000);
            this.ahead = history.newLedger();
            this.batch = 1 + random.nextInt(60);
            ahead.allowSequencesUpTo(1L << 40);
        }

        /** Returns how often an outcome was given again to who took it. */
        int run(int dropPercent) {
            for (int i = 0; i < COMMANDS; i++) {
                Command command = history.next();
                if (command instanceof Command.StartEpoch) {
                    commit(inFlight.size());
                }
                if (random.nextInt(100) < dropPercent) {
                    drop();
                }
                runBoth(command);
                if (random.nextInt(batch) == 0) {
                    commit(random.nextInt(inFlight.size() + 1));
                }
            }
            commit(inFlight.size());
            assertThat(Text.of(ahead.snapshot()))
                    .as("seed=%d", seed)
                    .isEqualTo(Text.of(history.reference().snapshot()));
            assertThat(ahead.inFlight()).isZero();
            return givenAgain;
        }

        private void runBoth(Command command) {
            Decision expected = history.reference().decide(command, history.now());
            expected.records().forEach(history.reference()::apply);
            Decision actual = ahead.decide(command, history.now());
            assertThat(Text.of(actual.records()))
                    .as("records of %s, seed=%d", command, seed)
                    .isEqualTo(Text.of(expected.records()));
            assertThat(reply(actual))
                    .as("reply to %s, seed=%d", command, seed)
                    .isEqualTo(expected(command, expected, actual));
            inFlight.addAll(actual.records());
            history.reference()
                    .executors()
                    .forEach(name -> assertThat(ahead.unfinished(name))
                            .as("unfinished of %s, seed=%d", name, seed)
                            .isEqualTo(history.reference().unfinished(name)));
        }

        /** A tombstone that records in flight push out still gives its reason: better than the contract asks for. */
        private String reply(Decision decision) {
            return forgetsTombstones && decision.reply() instanceof Reply.Stale ? "Stale" : Text.of(decision.reply());
        }

        /** What was taken and is not committed yet is given again: better than {@link Reply.Taken}. */
        private String expected(Command command, Decision expected, Decision actual) {
            if (!(command instanceof Command.RetrieveAndDispose taking)) {
                return reply(expected);
            }
            if (expected.reply() instanceof Reply.Ended) {
                taken.put(taking.sequence(), reply(expected));
            } else if (expected.reply() instanceof Reply.Taken && actual.reply() instanceof Reply.Ended) {
                givenAgain++;
                return taken.getOrDefault(taking.sequence(), "taken by nobody");
            }
            return reply(expected);
        }

        private void commit(int records) {
            for (int i = 0; i < records; i++) {
                ahead.apply(inFlight.removeFirst());
            }
        }

        /** Decides what the log then has no room for. */
        private void drop() {
            int appended = ahead.inFlight();
            assertThat(appended).isEqualTo(inFlight.size());
            for (Command command : List.of(history.next(), history.next(), history.next())) {
                if (!(command instanceof Command.StartEpoch)) {
                    ahead.decide(command, history.now());
                }
            }
            ahead.dropInFlightBeyond(appended);
        }
    }
}
