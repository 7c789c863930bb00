package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Disposed;
import dev.holdfast.testkit.HistoryEvent.Listed;
import dev.holdfast.testkit.HistoryEvent.Seen;
import dev.holdfast.testkit.HistoryEvent.Stale;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** I6: after an acknowledged dispose the result is neither seen nor listed in a later life, and the id says DISPOSED. */
final class DisposedNeverComesBack implements Invariant {

    @Override
    public String number() {
        return "I6";
    }

    @Override
    public List<String> violations(History history) {
        // Within a life a retrieve that began earlier may still say what it saw, so only later lives are compared.
        Map<Long, Integer> disposedInLife = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Disposed disposed) {
                disposedInLife.putIfAbsent(disposed.taskId(), disposed.place().life());
            } else if (event instanceof Seen seen && isLater(disposedInLife, seen.taskId(), event)) {
                violations.add("disposed, then " + seen);
            } else if (event instanceof Listed listed && isLater(disposedInLife, listed.taskId(), event)) {
                violations.add("disposed, then " + listed);
            } else if (event instanceof Stale stale
                    && isLater(disposedInLife, stale.taskId(), event)
                    && !stale.reason().equals("DISPOSED")) {
                violations.add("disposed, then " + stale);
            }
        }
        return violations;
    }

    private static boolean isLater(Map<Long, Integer> disposedInLife, long taskId, HistoryEvent event) {
        Integer life = disposedInLife.get(taskId);
        return life != null && event.place().life() > life;
    }
}
