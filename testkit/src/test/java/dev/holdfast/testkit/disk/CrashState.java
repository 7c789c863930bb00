package dev.holdfast.testkit.disk;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.config.Config;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.assembly.EmbeddedNode;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What a power loss at a position has to leave, and whether a start on what it left serves that. Of one thread.
 *
 * <p>Under {@code always} all that was acknowledged before. In every mode: all that was closed in order, or that a start has
 * recovered after a kill, for it is forced before anything is served; nothing that no run has made, of each partition a beginning of
 * its log, LOST for what is behind it, and no id twice.
 */
final class CrashState {

    private static final long ANSWER_SECONDS = 20;

    private final Recording recording;
    private final long position;
    private final String bootId;
    private final Set<Long> stored = new HashSet<>();
    private final Set<Long> issued = new HashSet<>();
    private final Set<Long> disposing = new HashSet<>();
    private final Set<Long> disposed = new HashSet<>();
    private final Map<Long, String> seen = new HashMap<>();
    private final Map<Long, Set<String>> made = new HashMap<>();

    /** What has to be there in every mode. */
    private final Set<String> forced = new HashSet<>();

    private final Set<String> ranBefore = new HashSet<>();

    /** Values of runs whose results a start has found if they were stored at all. */
    private final Set<String> recovered = new HashSet<>();

    private final List<String> wrong = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    CrashState(Recording recording, long position, String bootId) {
        this.recording = recording;
        this.position = position;
        this.bootId = bootId;
        for (Recording.Event event : recording.said()) {
            switch (event.what()) {
                case "RAN" ->
                    made.computeIfAbsent(event.id(), id -> new HashSet<>()).add(event.value());
                case "DISPOSING" -> disposing.add(event.id());
                default -> {}
            }
            if (event.position() <= position) {
                before(event);
            }
        }
    }

    private void before(Recording.Event event) {
        long id = event.id();
        if (id > 0) {
            issued.add(id);
        }
        switch (event.what()) {
            case "STORED" -> stored.add(id);
            case "RAN" -> ranBefore.add(event.value());
            case "DISPOSED" -> disposed.add(id);
            case "SEEN" -> see(id, event.value());
            // of the life before, whose page cache was still there, or of this one
            case "READY", "CLOSED" -> forceAll();
            default -> {}
        }
    }

    private void see(long id, String value) {
        String earlier = seen.put(id, value);
        if (earlier != null && !earlier.equals(value)) {
            wrong.add("changed before the loss: " + id + "=" + value + ", was " + earlier);
        }
        if (recovered.contains(value)) {
            forced.add(result(id));
        }
    }

    private void forceAll() {
        stored.forEach(id -> forced.add(task(id)));
        seen.keySet().forEach(id -> forced.add(result(id)));
        disposed.forEach(id -> forced.add(disposal(id)));
        recovered.addAll(ranBefore);
    }

    private static String task(long id) {
        return "task " + id;
    }

    private static String result(long id) {
        return "result of " + id;
    }

    private static String disposal(long id) {
        return "disposal of " + id;
    }

    private void miss(String what) {
        missing.add(what);
        if (forced.contains(what)) {
            wrong.add("was forced, and is missing: " + what);
        }
    }

    /** What is served and should not be, or not answered at all. */
    List<String> wrong() {
        return wrong;
    }

    /** What was acknowledged, and is not there; allowed under {@code os} and {@code interval}. */
    List<String> missing() {
        return missing;
    }

    int acknowledged() {
        return stored.size();
    }

    long position() {
        return position;
    }

    /** The file system itself is gone. */
    void isNotMounted() {
        wrong.add("its file system can not be mounted");
    }

    /**
     * Starts a node on the directory and asks it for everything.
     *
     * @param issues whether it is to issue an id, too
     */
    void check(Path directory, boolean issues) {
        Config config = RecordedNode.config(directory, recording.sync()).setAutoStart(false);
        try (EmbeddedNode node = EmbeddedNode.start(config, BootedStore.open(config, bootId))) {
            if (node.report().refusing() > 0) {
                wrong.add("partitions refuse: " + node.report());
            }
            DurableExecutorService executor = node.getDurableExecutorService(RecordedNode.EXECUTOR);
            Map<PartitionId, Long> highest = new HashMap<>();
            List<Long> gone = new ArrayList<>();
            for (long id : stored) {
                if (isThere(executor, id)) {
                    highest.merge(new TaskId(id).partition(), id, Math::max);
                } else {
                    gone.add(id);
                }
            }
            gone.stream()
                    .filter(id -> id < highest.getOrDefault(new TaskId(id).partition(), 0L))
                    .forEach(id -> wrong.add("not a beginning of the log: gone=" + id + ", there=" + highest));
            if (issues) {
                long next = executor.submit(new RecordedNode.Task(16)).getTaskId();
                if (issued.contains(next)) {
                    wrong.add("issued again: " + next);
                }
            }
        } catch (RuntimeException | AssertionError | InternalError e) {
            wrong.add("does not start: " + e + ", cause=" + e.getCause());
        }
    }

    private boolean isThere(DurableExecutorService executor, long id) {
        Optional<TaskInfo> task = executor.getTask(id);
        if (task.isPresent() && !task.get().state().isTerminal()) {
            if (seen.containsKey(id)) {
                miss(result(id));
            }
            if (disposed.contains(id)) {
                miss(disposal(id));
            }
            return true;
        }
        try {
            String value =
                    RecordedNode.madeOf(executor.<String>retrieveResult(id).get(ANSWER_SECONDS, TimeUnit.SECONDS));
            if (!made.getOrDefault(id, Set.of()).contains(value)) {
                wrong.add("made by no run: " + id + "=" + value);
            }
            String before = seen.get(id);
            if (before != null && !before.equals(value)) {
                wrong.add("changed: " + id + "=" + value + ", was " + before);
            }
            if (disposed.contains(id)) {
                miss(disposal(id));
            }
            return true;
        } catch (ExecutionException e) {
            StaleTaskIdException.Reason reason =
                    e.getCause() instanceof StaleTaskIdException stale ? stale.reason() : null;
            if (reason == StaleTaskIdException.Reason.DISPOSED && disposing.contains(id)) {
                return true;
            }
            miss(task(id));
            if (reason != StaleTaskIdException.Reason.LOST) {
                wrong.add("neither there nor LOST: " + id + ", " + e.getCause());
            }
            return false;
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("No answer: " + id, e);
        }
    }

    /** Under {@code always} what is missing is wrong as well. */
    List<String> violations() {
        List<String> all = new ArrayList<>(wrong);
        if (recording.sync() == SyncPolicy.ALWAYS) {
            all.addAll(missing);
        }
        return all.stream().map(text -> "position=" + position + ": " + text).toList();
    }
}
