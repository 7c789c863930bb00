package dev.holdfast.testkit.cluster;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * How often each submission of a load is stored, by its label, which no other has: one that was acknowledged once, with the id that
 * was told; one of which nobody could know it at most once; one that was refused never. Without an idempotency key it is only the
 * request of the call that keeps it from being stored twice. What was told may come from any thread; one counts, when all have
 * been told.
 */
final class Census {

    private static final long NONE = 0;

    private final Map<String, Submission> submissions = new ConcurrentHashMap<>();

    private enum Told {
        ACKNOWLEDGED,
        UNKNOWN,
        REFUSED
    }

    private static final class Submission {
        private final boolean keyed;
        private final Told told;

        /** The only one that may be stored; none, until one is found. */
        private long id;

        private boolean disposed;

        Submission(boolean keyed, Told told, long id) {
            this.keyed = keyed;
            this.told = told;
            this.id = id;
        }

        String kind() {
            return (keyed ? "keyed " : "keyless ") + told.name().toLowerCase(Locale.ROOT);
        }
    }

    void acknowledged(String label, boolean keyed, long id) {
        submissions.put(label, new Submission(keyed, Told.ACKNOWLEDGED, id));
    }

    void unknown(String label, boolean keyed) {
        submissions.put(label, new Submission(keyed, Told.UNKNOWN, NONE));
    }

    void refused(String label, boolean keyed) {
        submissions.put(label, new Submission(keyed, Told.REFUSED, NONE));
    }

    /** It was disposed of after it had ended: it must not come back. */
    void disposed(String label) {
        Submission submission = submissions.get(label);
        if (submission != null) {
            submission.disposed = true;
        }
    }

    /**
     * Looks at all that is stored.
     *
     * @param expected labels of what has to be there
     * @return what is missing, and what is there too often, in words
     */
    List<String> count(DurableExecutorService executor, Collection<String> expected) {
        List<String> violations = new ArrayList<>();
        Set<String> missing = new HashSet<>(expected);
        try (Stream<TaskInfo> tasks = executor.tasks(TaskQuery.all())) {
            tasks.forEach(task -> {
                String label = String.valueOf(task.label());
                missing.remove(label);
                if (!belongs(label, task.taskId())) {
                    violations.add("entered twice, or not to be there: label=" + label + ", stored id=" + task.taskId()
                            + ", " + told(label));
                }
            });
        }
        missing.forEach(
                label -> violations.add("an acknowledged task is not stored: label=" + label + ", " + told(label)));
        return violations;
    }

    private boolean belongs(String label, long id) {
        Submission submission = submissions.get(label);
        if (submission == null) {
            return false;
        }
        if (submission.told == Told.UNKNOWN && submission.id == NONE) {
            submission.id = id;
        }
        return submission.id == id && !submission.disposed;
    }

    private String told(String label) {
        Submission submission = submissions.get(label);
        if (submission == null) {
            return "never submitted";
        }
        return submission.kind()
                + (submission.id == NONE ? "" : ", id=" + submission.id)
                + (submission.disposed ? ", disposed of" : "");
    }

    /** Of what nobody could know: what is stored, with its id. */
    Map<String, Long> found() {
        Map<String, Long> found = new TreeMap<>();
        submissions.forEach((label, submission) -> {
            if (submission.told == Told.UNKNOWN && submission.id != NONE && !submission.disposed) {
                found.put(label, submission.id);
            }
        });
        return found;
    }

    /** How many of each kind there were, and of how many that nobody could know it turned out that they were stored. */
    @Override
    public String toString() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Submission each : submissions.values()) {
            counts.merge(each.kind(), 1, Integer::sum);
            if (each.told == Told.UNKNOWN && each.id != NONE) {
                counts.merge(each.kind() + " but stored", 1, Integer::sum);
            }
        }
        return counts.toString();
    }
}
