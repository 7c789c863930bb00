package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Stored;
import dev.holdfast.testkit.HistoryEvent.Submitting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** I9: all submits with one idempotency key, acknowledged or not, are one task. */
final class OneKeyOneTask implements Invariant {

    @Override
    public String number() {
        return "I9";
    }

    @Override
    public List<String> violations(History history) {
        Set<String> keyed = history.all(Submitting.class)
                .filter(Submitting::keyed)
                .map(Submitting::token)
                .collect(Collectors.toSet());
        Map<String, Long> ids = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Stored stored && keyed.contains(stored.token())) {
                same(ids, stored.token(), stored.taskId(), event, violations);
            } else if (event instanceof Ran ran && keyed.contains(ran.token())) {
                same(ids, ran.token(), ran.taskId(), event, violations);
            }
        }
        return violations;
    }

    private static void same(
            Map<String, Long> ids, String token, long taskId, HistoryEvent event, List<String> violations) {
        Long earlier = ids.putIfAbsent(token, taskId);
        if (earlier != null && earlier != taskId) {
            violations.add("key of taskId=" + earlier + " gave another task: " + event);
        }
    }
}
