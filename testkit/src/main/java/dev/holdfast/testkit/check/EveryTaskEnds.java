package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent.Listed;
import java.util.List;
import java.util.Set;

/** I2: in the last life every task is shown in a terminal state. */
final class EveryTaskEnds implements Invariant {

    private static final Set<String> TERMINAL = Set.of("COMPLETED", "FAILED", "CANCELLED");

    @Override
    public String number() {
        return "I2";
    }

    @Override
    public List<String> violations(History history) {
        return history.all(Listed.class)
                .filter(listed -> listed.place().life() == history.life() && !TERMINAL.contains(listed.state()))
                .map(listed -> "did not end: " + listed)
                .toList();
    }
}
