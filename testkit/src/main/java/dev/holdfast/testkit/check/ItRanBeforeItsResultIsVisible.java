package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** I3: a value that was seen was made by a run of that task before. */
final class ItRanBeforeItsResultIsVisible implements Invariant {

    @Override
    public String number() {
        return "I3";
    }

    @Override
    public List<String> violations(History history) {
        Map<Long, Set<String>> made = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Ran ran) {
                made.computeIfAbsent(ran.taskId(), id -> new HashSet<>()).add(ran.value());
            } else if (event instanceof Seen seen
                    && !Outcomes.isCancelled(seen)
                    && !made.getOrDefault(seen.taskId(), Set.of()).contains(seen.value())) {
                violations.add("seen but not made by a run: " + seen);
            }
        }
        return violations;
    }
}
