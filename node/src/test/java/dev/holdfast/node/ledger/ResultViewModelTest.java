package dev.holdfast.node.ledger;

import dev.holdfast.node.Figures;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Lincheck runs readers of what is committed against the one thread at a time that decides and applies: what a reader finds, or
 * is told why it finds nothing, is what the ring was at one moment of its call. What is in flight is nobody's but the holder's,
 * so the overlay is driven here as it is used, with several records decided before the first is applied; that it is right is for
 * {@code ModelTest} and {@code InFlightTest}.
 */
@Timeout(600)
public class ResultViewModelTest {

    @RegisterExtension
    static final Figures FIGURES = new Figures("concurrency");

    private static final int LONG_SCENARIOS = Integer.getInteger("holdfast.trials", 30);

    /** Submits, ends and disposes of one task after the other, each decided some steps before it is applied. */
    public static class View { // public: Lincheck makes it by reflection
        private static final int AHEAD = 2;

        private final Ledger ledger = new Ledger();
        private final Deque<Decision> decided = new ArrayDeque<>();
        private int step;

        @Operation(nonParallelGroup = "holder")
        public void decideAndApply() {
            long sequence = 1L + step / 3;
            decided.add(ledger.decide(
                    switch (step % 3) {
                        case 0 -> new Command.Submit(Ledger.EXECUTOR, Ledger.spec(), Ledger.bytes(8));
                        case 1 -> Ledger.completion(sequence, 1, 4);
                        default -> new Command.Dispose(Ledger.EXECUTOR, sequence);
                    }));
            step++;
            if (decided.size() > AHEAD) {
                ledger.commit(decided.remove());
            }
        }

        /** One: a run is seen record by record, not at once. */
        @Operation(nonParallelGroup = "holder")
        public void apply() {
            if (!decided.isEmpty()) {
                ledger.commit(decided.remove());
            }
        }

        @Operation
        public String look(@Param(gen = IntGen.class, conf = "1:2") int sequence) {
            TaskEntry entry = ledger.ledger.find(sequence);
            if (entry != null) {
                return entry.state().name();
            }
            return ledger.ledger.staleness(Ledger.EXECUTOR, sequence).name();
        }

        /** A hint: not more than there ever were, not less than none. */
        @Operation
        public boolean unfinishedIsPlausible() {
            int unfinished = ledger.ledger.unfinished(Ledger.EXECUTOR);
            return unfinished >= 0 && unfinished <= 3;
        }
    }

    private static ModelCheckingOptions options(int iterations, int invocations) {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(3)
                .actorsAfter(0)
                .iterations(iterations)
                .invocationsPerIteration(invocations);
    }

    private static void check(Class<?> model, int scenarios, int orders) {
        FIGURES.trials(scenarios);
        options(scenarios, orders).check(model);
    }

    @Test
    void aReaderSeesTheRingAsItWasAtOneMoment() {
        check(View.class, 2, 60);
    }

    @Test
    @Tag("faults")
    @Tag("suite-concurrency")
    void aReaderSeesTheRingAsItWasAtOneMomentLong() {
        check(View.class, LONG_SCENARIOS, 500);
    }
}
