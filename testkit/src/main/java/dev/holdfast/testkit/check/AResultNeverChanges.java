package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Cancelled;
import dev.holdfast.testkit.HistoryEvent.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** I4: all that is seen of a task is the same, an acknowledged cancellation included; the random part of a value shows a second computation. */
final class AResultNeverChanges implements Invariant {

    @Override
    public String number() {
        return "I4";
    }

    @Override
    public List<String> violations(History history) {
        Map<Long, Seen> first = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Seen seen) {
                compare(first, seen, violations);
            } else if (event instanceof Cancelled cancelled && cancelled.cancelled()) {
                compare(first, new Seen(event.place(), cancelled.taskId(), Outcomes.CANCELLED), violations);
            }
        }
        return violations;
    }

    private static void compare(Map<Long, Seen> first, Seen seen, List<String> violations) {
        Seen earlier = first.putIfAbsent(seen.taskId(), seen);
        if (earlier != null && !earlier.value().equals(seen.value())) {
            violations.add("first " + earlier + ", then " + seen);
        }
    }
}
