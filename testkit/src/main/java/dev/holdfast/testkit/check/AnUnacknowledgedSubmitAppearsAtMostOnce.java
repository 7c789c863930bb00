package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Listed;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Refused;
import dev.holdfast.testkit.HistoryEvent.Submitting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** I10: a submission is one task at most, one that was refused each time none. */
final class AnUnacknowledgedSubmitAppearsAtMostOnce implements Invariant {

    @Override
    public String number() {
        return "I10";
    }

    @Override
    public List<String> violations(History history) {
        Set<String> refused = refusedEachTime(history);
        Map<String, Long> ids = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Ran ran) {
                appears(refused, ids, ran.token(), ran.taskId(), event, violations);
            } else if (event instanceof Listed listed) {
                appears(refused, ids, listed.token(), listed.taskId(), event, violations);
            }
        }
        return violations;
    }

    /** A key is submitted again by others, and of those that were not refused one may have been stored. */
    private static Set<String> refusedEachTime(History history) {
        Map<String, Long> submitted =
                history.all(Submitting.class).collect(Collectors.groupingBy(Submitting::token, Collectors.counting()));
        Map<String, Long> refused =
                history.all(Refused.class).collect(Collectors.groupingBy(Refused::token, Collectors.counting()));
        return refused.entrySet().stream()
                .filter(each -> each.getValue() >= submitted.getOrDefault(each.getKey(), 1L))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static void appears(
            Set<String> refused,
            Map<String, Long> ids,
            String token,
            long taskId,
            HistoryEvent event,
            List<String> violations) {
        if (refused.contains(token)) {
            violations.add("refused, and yet: " + event);
        }
        Long earlier = ids.putIfAbsent(token, taskId);
        if (earlier != null && earlier != taskId) {
            violations.add("entered twice, first taskId=" + earlier + ": " + event);
        }
    }
}
