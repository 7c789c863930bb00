package dev.holdfast.testkit.disk;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Listed;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Stored;
import dev.holdfast.testkit.HistoryEvent.Submitting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * I9, I10 and I14 over a power loss under {@code os} or {@code interval}, as far as they hold relative to a beginning of the log: a
 * key is the same task as before if that one is still there, and may be another if it is LOST; a submission without a key is one
 * task, whatever was lost; an attempt has a greater number and token than those whose start is in the beginning for certain.
 */
final class KeysAndAttempts {

    private final History history;
    private final int last;
    private final int recovered;
    private final Set<Long> lost;
    private final Map<PartitionId, Long> until;
    private final List<String> violations = new ArrayList<>();

    /**
     * @param recovered number of the life that lost its power; the last life is the one after it
     * @param lost ids that answer LOST in the last life
     * @param until of each partition the last event, by its order, that was said before a task was submitted that is there
     */
    KeysAndAttempts(History history, int recovered, Set<Long> lost, Map<PartitionId, Long> until) {
        this.history = history;
        this.last = history.life();
        this.recovered = recovered;
        this.lost = lost;
        this.until = until;
    }

    List<String> violations() {
        keys();
        attempts();
        return violations;
    }

    private void keys() {
        Set<String> keyed = history.all(Submitting.class)
                .filter(Submitting::keyed)
                .map(Submitting::token)
                .collect(Collectors.toSet());
        Map<String, Long> ids = new HashMap<>();
        Set<Long> acknowledged = new HashSet<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Stored stored) {
                if (stored.place().life() < last) {
                    acknowledged.add(stored.taskId());
                }
                one(ids, acknowledged, keyed, stored.token(), stored.taskId(), event);
            } else if (event instanceof Ran ran) {
                one(ids, acknowledged, keyed, ran.token(), ran.taskId(), event);
            } else if (event instanceof Listed listed) {
                one(ids, acknowledged, keyed, listed.token(), listed.taskId(), event);
            }
        }
    }

    private void one(
            Map<String, Long> ids,
            Set<Long> acknowledged,
            Set<String> keyed,
            String token,
            long id,
            HistoryEvent event) {
        Long earlier = ids.put(token, id);
        if (earlier == null || earlier == id) {
            return;
        }
        // one that nobody was told of is not asked for: whether it is lost is not known
        boolean mayBeGone = event.place().life() == last && (lost.contains(earlier) || !acknowledged.contains(earlier));
        if (!keyed.contains(token)) {
            violations.add("I10: one submission is two tasks, first taskId=" + earlier + ": " + event);
        } else if (!mayBeGone) {
            violations.add("I9: key of taskId=" + earlier + ", which is there, gave another task: " + event);
        }
    }

    private void attempts() {
        Map<Long, Ran> highest = new HashMap<>();
        history.all(Ran.class)
                .filter(ran -> ran.place().life() < last && startIsThere(ran))
                .forEach(ran -> highest.merge(ran.taskId(), ran, (a, b) -> a.attempt() > b.attempt() ? a : b));
        history.all(Ran.class).filter(ran -> ran.place().life() == last).forEach(ran -> {
            Ran earlier = highest.get(ran.taskId());
            if (earlier != null
                    && (ran.attempt() <= earlier.attempt() || ran.fencingToken() <= earlier.fencingToken())) {
                violations.add("I14: first " + earlier + ", then " + ran);
            }
        });
    }

    /**
     * A recovery has read and forced the starts of the lives before it. A first attempt is not logged, its number counts as used
     * where its task is found; the epoch of its token was logged before the task. Of other starts the order tells.
     */
    private boolean startIsThere(Ran ran) {
        return ran.place().life() < recovered
                || ran.attempt() == 1
                || ran.place().order() < until.getOrDefault(new TaskId(ran.taskId()).partition(), 0L);
    }
}
