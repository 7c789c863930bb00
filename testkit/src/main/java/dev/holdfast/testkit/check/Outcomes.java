package dev.holdfast.testkit.check;

import dev.holdfast.testkit.HistoryEvent.Seen;

/** How outcomes are written in a history. */
final class Outcomes {

    static final String CANCELLED = "!CANCELLED";

    private Outcomes() {}

    static boolean isCancelled(Seen seen) {
        return seen.value().equals(CANCELLED);
    }
}
