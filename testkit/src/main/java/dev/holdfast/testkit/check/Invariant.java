package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import java.util.List;
import java.util.stream.Stream;

/** A rule that every history has to keep. Its number is that of {@code ARCHITECTURE.md}. */
public interface Invariant {

    /** {@return its number, for example {@code I7}} */
    String number();

    /**
     * Checks a history.
     *
     * @param history finished
     * @return one line for each violation; empty if there is none
     */
    List<String> violations(History history);

    /**
     * The violations of all invariants that a finished history can show: every task was given time to end, every known id
     * was retrieved in the last life, and all tasks were listed.
     *
     * @param history finished
     * @return one line for each violation, with the invariant's number before it
     */
    static List<String> allViolations(History history) {
        return all().flatMap(invariant ->
                        invariant.violations(history).stream().map(text -> invariant.number() + ": " + text))
                .toList();
    }

    /** {@return the invariants of one node that {@link #allViolations} checks} */
    static Stream<Invariant> all() {
        return Stream.of(
                new NothingAcknowledgedIsLost(),
                new EveryTaskEnds(),
                new ItRanBeforeItsResultIsVisible(),
                new AResultNeverChanges(),
                new AResultStaysUntilDisposed(),
                new DisposedNeverComesBack(),
                new NoIdIsIssuedTwice(),
                new OneKeyOneTask(),
                new AnUnacknowledgedSubmitAppearsAtMostOnce(),
                new AttemptsAreDurable());
    }
}
