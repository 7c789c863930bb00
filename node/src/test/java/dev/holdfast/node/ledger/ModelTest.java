package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogRecord;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The ledger against a model that is too plain to be wrong in the same way. */
class ModelTest {

    private static final int SEEDS = 300;
    private static final int COMMANDS = 300;
    private static final int ALL_TOMBSTONES = 100_000;

    @Test
    void everyAnswerAndEveryTaskIsAsTheModelSays() {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomHistory history = new RandomHistory(new SplittableRandom(seed), ALL_TOMBSTONES);
            NaiveModel model = new NaiveModel(history::limits, RandomCallers.LIMITS);
            for (int i = 0; i < COMMANDS; i++) {
                Command command = history.next();
                String expected = model.run(command, history.now());
                Decision decision = history.reference().decide(command, history.now());
                decision.records().forEach(history.reference()::apply);
                assertThat(text(decision.reply()))
                        .as("reply to %s, seed=%d, command=%d", command, seed, i)
                        .isEqualTo(expected);
                if (!decision.records().isEmpty()) {
                    model.logged(command, expected);
                }
                if (i % 10 == 0) {
                    compareEveryTask(seed, history.reference(), model);
                }
            }
        }
    }

    /** A history that never meets a rule proves nothing about it. */
    @Test
    void theHistoriesMeetEveryRecordRefusalAndReason() {
        Set<String> records = new TreeSet<>();
        Set<Refusal> refusals = EnumSet.noneOf(Refusal.class);
        Set<Staleness> reasons = EnumSet.noneOf(Staleness.class);
        int repeated = 0;
        int taken = 0;
        for (int seed = 0; seed < 50; seed++) {
            RandomHistory history = new RandomHistory(new SplittableRandom(seed), ALL_TOMBSTONES);
            for (int i = 0; i < COMMANDS; i++) {
                Decision decision = history.reference().decide(history.next(), history.now());
                decision.records().forEach(history.reference()::apply);
                decision.records()
                        .forEach(record -> records.add(record.getClass().getSimpleName()));
                repeated += isRepeated(decision) ? 1 : 0;
                taken += decision.reply() instanceof Reply.Taken ? 1 : 0;
                if (decision.reply() instanceof Reply.Refused refused) {
                    refusals.add(refused.refusal());
                } else if (decision.reply() instanceof Reply.Stale stale) {
                    reasons.add(stale.staleness());
                }
            }
        }
        Set<String> all = new TreeSet<>();
        for (Class<?> type : LogRecord.class.getDeclaredClasses()) {
            if (type.isRecord() && LogRecord.Replicated.class.isAssignableFrom(type)) {
                all.add(type.getSimpleName());
            }
        }
        assertThat(records).isEqualTo(all);
        assertThat(refusals)
                .contains(
                        Refusal.CAPACITY,
                        Refusal.HELD,
                        Refusal.RESULTS,
                        Refusal.SHUTDOWN,
                        Refusal.REQUESTS,
                        Refusal.SPENT);
        assertThat(repeated).as("submits that came again").isGreaterThan(100);
        assertThat(taken).as("outcomes that their caller had taken").isGreaterThan(5);
        assertThat(reasons).containsExactlyInAnyOrder(Staleness.values());
    }

    private static boolean isRepeated(Decision decision) {
        return decision.records().isEmpty() && decision.reply() instanceof Reply.Stored stored && !stored.existing();
    }

    private static void compareEveryTask(int seed, TaskLedger ledger, NaiveModel model) {
        for (long sequence = 0; sequence <= model.issuedBelow(); sequence++) {
            for (String executor : List.of("evicts", "rejects")) {
                TaskEntry task = ledger.find(sequence);
                String actual = task == null
                        ? ledger.staleness(executor, sequence).toString()
                        : task.executor() + " " + task.state() + " crashes=" + task.crashes();
                assertThat(actual)
                        .as("sequence=%d, executor=%s, seed=%d", sequence, executor, seed)
                        .isEqualTo(model.look(executor, sequence));
            }
        }
    }

    private static String text(Reply reply) {
        if (reply instanceof Reply.Stored stored) {
            return "stored " + stored.sequence() + (stored.existing() ? " again" : "");
        }
        if (reply instanceof Reply.Refused refused) {
            return "refused " + refused.refusal();
        }
        if (reply instanceof Reply.MayStart start) {
            return "start " + start.attempt();
        }
        if (reply instanceof Reply.Done done) {
            return "done " + done.changed();
        }
        if (reply instanceof Reply.Ended ended) {
            Body result = ended.outcome().result();
            return "ended " + ended.outcome().state() + " " + (result == null ? 0 : result.length());
        }
        if (reply instanceof Reply.Stale stale) {
            return "stale " + stale.staleness();
        }
        if (reply instanceof Reply.Taken) {
            return "taken";
        }
        return reply instanceof Reply.NotEnded ? "not ended" : "dropped";
    }
}
