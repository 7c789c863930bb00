package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Listed;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** I7: an id belongs to one submission only, in what is acknowledged, run or listed. */
final class NoIdIsIssuedTwice implements Invariant {

    @Override
    public String number() {
        return "I7";
    }

    @Override
    public List<String> violations(History history) {
        Map<Long, String> owner = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Stored stored) {
                claim(owner, stored.taskId(), stored.token(), event, violations);
            } else if (event instanceof Ran ran) {
                claim(owner, ran.taskId(), ran.token(), event, violations);
            } else if (event instanceof Listed listed) {
                claim(owner, listed.taskId(), listed.token(), event, violations);
            }
        }
        return violations;
    }

    private static void claim(
            Map<Long, String> owner, long taskId, String token, HistoryEvent event, List<String> violations) {
        String earlier = owner.putIfAbsent(taskId, token);
        if (earlier != null && !earlier.equals(token)) {
            violations.add("id of token=" + earlier + " issued again: " + event);
        }
    }
}
