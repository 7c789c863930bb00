package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.storage.log.TaskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the clients of a cluster were told, to be compared with what it serves once its disks have failed. Of one thread. */
final class ClusterDisks {

    static final String EXECUTOR = "work";

    private static final Logger LOG = LoggerFactory.getLogger(ClusterDisks.class);
    private static final long ANSWER_SECONDS = 60;

    private final Map<Long, String> stored = new LinkedHashMap<>();
    private final Map<Long, String> seen = new LinkedHashMap<>();

    /** Submits so many, over all partitions, and notes those that are stored. */
    int submit(DurableExecutorService executor, String prefix, int count) {
        return submit(executor, prefix, count, token -> new Held(token, ""));
    }

    /** Submits so many that end when there is a file, and notes those that are stored. */
    int submitHeld(DurableExecutorService executor, String prefix, int count, Path gate) {
        return submit(executor, prefix, count, token -> new HeldByFile(token, gate.toString()));
    }

    private int submit(
            DurableExecutorService executor, String prefix, int count, Function<String, DurableCallable<String>> task) {
        int refused = 0;
        for (int i = 0; i < count; i++) {
            String token = prefix + "-" + i;
            try {
                note(executor.submitToKeyOwner(task.apply(token), "key-" + i).getTaskId(), token);
            } catch (RuntimeException e) {
                LOG.info("Refused: token={}, why={}", token, String.valueOf(e));
                refused++;
            }
        }
        return refused;
    }

    /** That a task was acknowledged. */
    void note(long id, String token) {
        String earlier = stored.put(id, token);
        assertThat(earlier).as("issued twice: %s", id).isNull();
    }

    /** The tokens of tasks that have ended, of those that begin with {@code prefix}. */
    List<String> ended(DurableExecutorService executor, String prefix) {
        return stored.entrySet().stream()
                .filter(task -> task.getValue().startsWith(prefix))
                .filter(task -> executor.getTask(task.getKey())
                        .map(info -> info.state().isTerminal())
                        .orElse(true))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Waits for the results of all that is stored, and notes them. */
    void see(DurableExecutorService executor) throws Exception {
        for (Map.Entry<Long, String> task : stored.entrySet()) {
            if (!seen.containsKey(task.getKey())) {
                seen.put(task.getKey(), answer(executor, task.getKey()));
            }
        }
    }

    int stored() {
        return stored.size();
    }

    int seen() {
        return seen.size();
    }

    long anyId() {
        return stored.keySet().iterator().next();
    }

    /** Every task has its result, and those that were seen the same. */
    List<String> missing(DurableExecutorService executor) throws Exception {
        return missing(executor, "");
    }

    /** The same of those whose tokens begin with {@code prefix}. */
    List<String> missing(DurableExecutorService executor, String prefix) throws Exception {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<Long, String> task : stored.entrySet()) {
            if (!task.getValue().startsWith(prefix)) {
                continue;
            }
            String answer = answer(executor, task.getKey());
            String expected = seen.getOrDefault(task.getKey(), task.getValue() + "=");
            if (!answer.startsWith(expected)) {
                missing.add("task=" + task.getKey() + ", expected=" + expected + ", answer=" + answer);
            }
        }
        return missing;
    }

    /** What a loss of power has left: how many tasks answer LOST, and what is wrong. */
    record Left(int lost, List<String> violations) {}

    /**
     * Of each partition a beginning is there, with the results that were made of it, and the rest says LOST.
     *
     * @param forced prefixes of the tokens of tasks that had been forced with their results
     */
    Left left(DurableExecutorService executor, Set<String> forced) throws Exception {
        Map<Integer, Long> highest = new HashMap<>();
        List<Long> lost = new ArrayList<>();
        List<String> violations = new ArrayList<>();
        for (Map.Entry<Long, String> task : stored.entrySet()) {
            String token = task.getValue();
            String answer = answer(executor, task.getKey());
            boolean wasForced = forced.stream().anyMatch(token::startsWith);
            String expected = wasForced ? seen.getOrDefault(task.getKey(), token + "=") : token + "=";
            if (answer.equals("LOST") && !wasForced) {
                lost.add(task.getKey());
            } else if (answer.startsWith(expected)) {
                highest.merge(partitionOf(task.getKey()), task.getKey(), Math::max);
            } else {
                violations.add(
                        "task=" + task + ", forced=" + wasForced + ", expected=" + expected + ", answer=" + answer);
            }
        }
        lost.stream()
                .filter(id -> id < highest.getOrDefault(partitionOf(id), 0L))
                .forEach(id -> violations.add("lost, and a later one is there: " + id + ", there=" + highest));
        return new Left(lost.size(), violations);
    }

    private static int partitionOf(long id) {
        return new TaskId(id).partition().value();
    }

    private static String answer(DurableExecutorService executor, long id) throws Exception {
        try {
            return executor.<String>retrieveResult(id).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause() instanceof StaleTaskIdException stale
                    ? stale.reason().name()
                    : String.valueOf(e.getCause());
        } catch (TimeoutException e) {
            return "no answer: " + executor.getTask(id);
        }
    }
}
