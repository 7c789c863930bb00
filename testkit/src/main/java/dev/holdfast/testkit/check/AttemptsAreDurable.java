package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent.Ran;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** I14: of the runs of a task no attempt number repeats; they grow, and so does the fencing token. */
final class AttemptsAreDurable implements Invariant {

    @Override
    public String number() {
        return "I14";
    }

    @Override
    public List<String> violations(History history) {
        Map<Long, Ran> last = new HashMap<>();
        List<String> violations = new ArrayList<>();
        history.all(Ran.class).forEach(ran -> {
            Ran earlier = last.put(ran.taskId(), ran);
            if (ran.attempt() < 1) {
                violations.add("attempt below 1: " + ran);
            }
            if (earlier != null
                    && (ran.attempt() <= earlier.attempt() || ran.fencingToken() <= earlier.fencingToken())) {
                violations.add("first " + earlier + ", then " + ran);
            }
        });
        return violations;
    }
}
