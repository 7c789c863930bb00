package dev.holdfast.node.partition;

import dev.holdfast.node.Figures;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.TaskSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Lincheck runs posters against the one holder at a time that an inbox has: what is taken is a queue's order, and submits are
 * counted as many times as they are offered and answered. {@code isEmpty} is a hint, of which {@link DrainModelTest} tells what
 * it has to be good for.
 */
@Timeout(600)
public class InboxModelTest {

    @RegisterExtension
    static final Figures FIGURES = new Figures("concurrency");

    private static final int LONG_SCENARIOS = Integer.getInteger("holdfast.trials", 40);

    /** Two commands in a batch. */
    public static class Queue { // public: Lincheck makes it by reflection
        private final Inbox inbox = new Inbox(100, 2);

        @Operation
        public boolean offer(@Param(gen = IntGen.class, conf = "1:3") int number) {
            return inbox.offer(new Command.StartAttempt(number), reply -> {});
        }

        @Operation(nonParallelGroup = "holder")
        public String take() {
            StringBuilder taken = new StringBuilder();
            for (Item item : inbox.nextBatch()) {
                taken.append(((Command.StartAttempt) item.command).sequence()).append(' ');
            }
            return taken.toString();
        }
    }

    /** Room for two submits. */
    public static class Limited {
        private static final int MAX = 2;
        private static final Command.Submit SUBMIT = new Command.Submit(
                "exec",
                new TaskSpec("java", "Job", null, null, null, null, 3, TaskSpec.NO_TTL, true),
                new Body.Inline(new byte[1]));

        private final Inbox inbox = new Inbox(MAX, 10);
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();

        @Operation
        public void submit() {
            if (inbox.offer(SUBMIT, reply -> {})) {
                accepted.incrementAndGet();
            }
        }

        @Operation(nonParallelGroup = "holder")
        public void answer() {
            int count = inbox.nextBatch().size();
            inbox.submitsAnswered(count);
            answered.addAndGet(count);
        }

        @Validate
        public void everySubmitIsCountedOnce() {
            int left = 0;
            for (List<Item> batch = inbox.nextBatch(); !batch.isEmpty(); batch = inbox.nextBatch()) {
                left += batch.size();
            }
            if (left > MAX || accepted.get() != answered.get() + left) {
                throw new IllegalStateException(
                        "accepted=" + accepted + ", answered=" + answered + ", left=" + left + ", max=" + MAX);
            }
            inbox.submitsAnswered(left);
            for (int i = 0; i <= MAX; i++) {
                if (inbox.offer(SUBMIT, reply -> {}) != (i < MAX)) {
                    throw new IllegalStateException("The count is not what it was: free=" + i + ", max=" + MAX);
                }
            }
        }
    }

    private static ModelCheckingOptions options(int iterations, int invocations) {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(iterations)
                .invocationsPerIteration(invocations);
    }

    private static void check(Class<?> model, int scenarios, int orders) {
        FIGURES.trials(scenarios);
        options(scenarios, orders).check(model);
    }

    @Test
    void whatIsOfferedIsTakenInOrderAndSubmitsAreCounted() {
        check(Queue.class, 2, 100);
        check(Limited.class, 2, 100);
    }

    @Test
    @Tag("faults")
    @Tag("suite-concurrency")
    void whatIsOfferedIsTakenInOrderAndSubmitsAreCountedLong() {
        check(Queue.class, LONG_SCENARIOS, 2_000);
        check(Limited.class, LONG_SCENARIOS, 2_000);
    }
}
