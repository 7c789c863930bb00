package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.storage.log.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        int refused = 0;
        for (int i = 0; i < count; i++) {
            String token = prefix + "-" + i;
            try {
                long id = executor.submitToKeyOwner(new Held(token, ""), "key-" + i)
                        .getTaskId();
                String earlier = stored.put(id, token);
                assertThat(earlier).as("issued twice: %s", id).isNull();
            } catch (RuntimeException e) {
                LOG.info("Refused: token={}, why={}", token, String.valueOf(e));
                refused++;
            }
        }
        return refused;
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
        List<String> missing = new ArrayList<>();
        for (Map.Entry<Long, String> task : stored.entrySet()) {
            String answer = answer(executor, task.getKey());
            String expected = seen.getOrDefault(task.getKey(), task.getValue() + "=");
            if (!answer.startsWith(expected)) {
                missing.add("task=" + task.getKey() + ", expected=" + expected + ", answer=" + answer);
            }
        }
        return missing;
    }

    /** Of each partition a beginning is there, the rest says LOST; how many. */
    int lostBehindABeginning(DurableExecutorService executor) throws Exception {
        Map<Integer, Long> highest = new HashMap<>();
        List<Long> lost = new ArrayList<>();
        for (Map.Entry<Long, String> task : stored.entrySet()) {
            String answer = answer(executor, task.getKey());
            if (answer.equals("LOST")) {
                lost.add(task.getKey());
            } else {
                assertThat(answer).as("task=%s", task.getKey()).startsWith(task.getValue() + "=");
                highest.merge(partitionOf(task.getKey()), task.getKey(), Math::max);
            }
        }
        assertThat(lost)
                .allSatisfy(id -> assertThat(id)
                        .as("lost, and a later one is there: %s", highest)
                        .isGreaterThan(highest.getOrDefault(partitionOf(id), 0L)));
        return lost.size();
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
