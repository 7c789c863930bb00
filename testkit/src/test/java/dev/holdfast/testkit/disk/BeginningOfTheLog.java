package dev.holdfast.testkit.disk;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent;
import dev.holdfast.testkit.HistoryEvent.Disposed;
import dev.holdfast.testkit.HistoryEvent.Disposing;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Seen;
import dev.holdfast.testkit.HistoryEvent.Stale;
import dev.holdfast.testkit.HistoryEvent.Stored;
import dev.holdfast.testkit.HistoryEvent.Submitting;
import dev.holdfast.testkit.check.Invariant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a power loss under {@code os} or {@code interval} must leave: of each partition a beginning of its log, whatever was said
 * before a node was killed and came back, and LOST for the rest. Every rule of one node holds before the loss, and behind it; over
 * it those that a beginning can not break, and the others relative to it. The life after the loss is the history's last.
 */
final class BeginningOfTheLog {

    /** Rules that hold even where a node went back to a beginning of its log. */
    private static final Set<String> OVER_THE_LOSS = Set.of("I2", "I3", "I7");

    /** Rules of lives that were only ended by a kill; the others are about the last one. */
    private static final Set<String> BEFORE = Set.of("I3", "I4", "I5", "I6", "I7", "I9", "I10", "I14");

    /** Rules of the life behind it, taken by itself. */
    private static final Set<String> BEHIND = Set.of("I4", "I9", "I10", "I14");

    private final History history;
    private final int last;
    /** Lives before this one were ended by a kill only, and a later one had recovered from that. */
    private final int recovered;

    private final Map<Long, String> answers = new HashMap<>();
    private final Map<Long, Set<String>> made = new HashMap<>();
    private final Set<Long> disposing = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    private BeginningOfTheLog(History history, int recovered) {
        this.history = history;
        this.last = history.life();
        this.recovered = recovered;
        for (HistoryEvent event : history.events()) {
            if (event instanceof Ran ran) {
                made.computeIfAbsent(ran.taskId(), id -> new HashSet<>()).add(ran.value());
            } else if (event instanceof Disposing disposal) {
                disposing.add(disposal.taskId());
            } else if (event.place().life() == last && event instanceof Seen seen) {
                answers.put(seen.taskId(), seen.value());
            } else if (event.place().life() == last && event instanceof Stale stale) {
                answers.put(stale.taskId(), stale.reason());
            }
        }
    }

    /**
     * What is wrong.
     *
     * @param recovered number of the life that lost its power
     * @param probes ids that were never acknowledged and may have been issued, retrieved in the last life
     */
    static List<String> violations(History history, int recovered, List<Long> probes) {
        BeginningOfTheLog check = new BeginningOfTheLog(history, recovered);
        check.rules("over the loss", OVER_THE_LOSS, history);
        check.rules("before the loss", BEFORE, history.ofLives(0, recovered));
        check.rules("behind the loss", BEHIND, history.ofLives(check.last, check.last));
        check.answered(probes);
        check.aBeginning();
        check.whatCausedWhatIsThere();
        check.whatWasRecoveredOnce();
        check.violations.addAll(new KeysAndAttempts(history, recovered, check.lost(), check.causes()).violations());
        return check.violations;
    }

    private void rules(String where, Set<String> numbers, History part) {
        Invariant.all()
                .filter(invariant -> numbers.contains(invariant.number()))
                .forEach(invariant -> invariant
                        .violations(part)
                        .forEach(text -> violations.add(invariant.number() + " " + where + ": " + text)));
    }

    private Set<Long> lost() {
        return answers.keySet().stream().filter(this::isLost).collect(Collectors.toSet());
    }

    /** How many acknowledged tasks answer LOST. */
    static long lost(History history) {
        BeginningOfTheLog told = new BeginningOfTheLog(history, 0);
        return told.storedBefore().stream()
                .filter(stored -> told.isLost(stored.taskId()))
                .count();
    }

    private List<Stored> storedBefore() {
        return history.all(Stored.class)
                .filter(stored -> stored.place().life() < last)
                .toList();
    }

    private boolean isLost(long id) {
        return "LOST".equals(answers.get(id));
    }

    private void answered(List<Long> probes) {
        for (Stored stored : storedBefore()) {
            String answer = answers.get(stored.taskId());
            if (answer == null || answer.equals("UNKNOWN") || answer.equals("EVICTED")) {
                violations.add("neither there nor LOST: " + stored + ", answer=" + answer);
            }
            if ("DISPOSED".equals(answer) && !disposing.contains(stored.taskId())) {
                violations.add("disposed by nobody: " + stored);
            }
        }
        for (long probe : probes) {
            String answer = answers.get(probe);
            if (answer == null || answer.equals("UNKNOWN") || answer.equals("EVICTED")) {
                violations.add("may have been issued and is not LOST: " + probe + ", answer=" + answer);
            }
        }
    }

    private void aBeginning() {
        Map<PartitionId, Long> highest = new HashMap<>();
        for (Stored stored : storedBefore()) {
            if (!isLost(stored.taskId())) {
                highest.merge(new TaskId(stored.taskId()).partition(), stored.taskId(), Math::max);
            }
        }
        for (Stored stored : storedBefore()) {
            long end = highest.getOrDefault(new TaskId(stored.taskId()).partition(), 0L);
            if (isLost(stored.taskId()) && stored.taskId() < end) {
                violations.add("lost, and a later one is there: " + stored + ", there=" + end);
            }
        }
    }

    /** Of each partition the last event, by its order, before a task was submitted that is there. */
    private Map<PartitionId, Long> causes() {
        Map<String, Long> submitted = new HashMap<>();
        history.all(Submitting.class)
                .forEach(submitting -> submitted.putIfAbsent(
                        submitting.token(), submitting.place().order()));
        Map<PartitionId, Long> until = new HashMap<>();
        for (Stored stored : storedBefore()) {
            if (!isLost(stored.taskId())) {
                until.merge(
                        new TaskId(stored.taskId()).partition(), submitted.getOrDefault(stored.token(), 0L), Math::max);
            }
        }
        return until;
    }

    /** What somebody was told before a task was submitted that is there. */
    private void whatCausedWhatIsThere() {
        Map<PartitionId, Long> until = causes();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Seen seen && told(seen, seen.taskId(), until)) {
                isStill(seen);
            } else if (event instanceof Disposed disposed
                    && told(disposed, disposed.taskId(), until)
                    && !"DISPOSED".equals(answers.get(disposed.taskId()))) {
                violations.add("disposed of, and back: " + disposed + ", answer=" + answers.get(disposed.taskId()));
            }
        }
    }

    private boolean told(HistoryEvent event, long id, Map<PartitionId, Long> until) {
        return event.place().life() < last
                && event.place().order() < until.getOrDefault(new TaskId(id).partition(), 0L);
    }

    /** A kill loses nothing, and what a recovery found it has forced before it served it. */
    private void whatWasRecoveredOnce() {
        Map<Long, Set<String>> madeBefore = new HashMap<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof Ran ran && ran.place().life() < recovered) {
                madeBefore.computeIfAbsent(ran.taskId(), id -> new HashSet<>()).add(ran.value());
            } else if (event instanceof Stored stored && stored.place().life() < recovered && isLost(stored.taskId())) {
                violations.add("was recovered once, and is lost: " + stored);
            } else if (event instanceof Seen seen
                    && seen.place().life() <= recovered
                    && (seen.place().life() < recovered
                            || madeBefore.getOrDefault(seen.taskId(), Set.of()).contains(seen.value()))) {
                isStill(seen);
            }
        }
    }

    private void isStill(Seen seen) {
        String answer = answers.get(seen.taskId());
        boolean gone = "DISPOSED".equals(answer) && disposing.contains(seen.taskId());
        if (!gone && !seen.value().equals(answer)) {
            violations.add("was told, and is not so: " + seen + ", answer=" + answer);
        }
    }
}
