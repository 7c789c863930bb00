package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Disposing;
import dev.holdfast.testkit.HistoryEvent.Stale;
import dev.holdfast.testkit.HistoryEvent.Stored;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** I5: a stored task's id is stale only after somebody began to dispose of it (the workload stays below retention). */
final class AResultStaysUntilDisposed implements Invariant {

    @Override
    public String number() {
        return "I5";
    }

    @Override
    public List<String> violations(History history) {
        Set<Long> stored = new HashSet<>();
        Set<Long> disposing = new HashSet<>();
        List<String> violations = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Stored task) {
                stored.add(task.taskId());
            } else if (event instanceof Disposing task) {
                disposing.add(task.taskId());
            } else if (event instanceof Stale stale
                    && stored.contains(stale.taskId())
                    && !disposing.contains(stale.taskId())) {
                violations.add("stale without a dispose: " + stale);
            }
        }
        return violations;
    }
}
