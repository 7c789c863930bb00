package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must hold of tasks, ids, keys and results, as clients and rings see them. */
final class TaskChecks {

    /** Rings are compared whole after every so many records. */
    private static final int COMPARE_EVERY = 16;

    private record Attempt(long sequence, int attempt) {}

    private record Caused(UUID caller, long number) {}

    private final SimWorld world;
    private final Digest digest = new Digest();
    private final Map<Lsn, Integer> rings = new HashMap<>();
    private final Map<Long, String> labels = new TreeMap<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Set<String> identified = new HashSet<>();
    private final Map<String, Long> keys = new HashMap<>();
    private final Map<Caused, LogRecord> requests = new HashMap<>();
    private final Map<Long, String> ends = new HashMap<>();
    private final Set<Long> removed = new HashSet<>();
    private final Set<Long> disposals = new HashSet<>();
    private final Set<Attempt> attempts = new HashSet<>();
    private final Set<Long> ran = new HashSet<>();
    private final Map<Long, Set<SimProcess>> running = new HashMap<>();
    private final Map<Long, String> acknowledged = new TreeMap<>();
    private final Set<Long> disposed = new TreeSet<>();
    private final Map<Long, String> seen = new HashMap<>();

    /** Under which primary a task was running when that led no more. */
    private final Map<Long, Epoch> interruptedIn = new HashMap<>();

    /** What was applied, from LSN 1. */
    private final List<LogRecord.Replicated> history = new ArrayList<>();

    /** Tasks that are lost. */
    private final Set<Long> lost = new HashSet<>();

    /** Tasks of which something is lost: what anybody was told of them before does not bind any more. */
    private final Set<Long> unsettled = new HashSet<>();

    private Lsn known = Lsn.NONE;
    private Lsn told = Lsn.NONE;

    TaskChecks(SimWorld world) {
        this.world = world;
    }

    void applies(SimDisk.Entry entry) {
        Lsn lsn = entry.end().lsn();
        if (lsn.compareTo(known) > 0) {
            known = lsn;
            history.add(entry.written());
            firstApplied(entry.written());
        }
    }

    void applied(SimProcess process, Lsn lsn) {
        if (lsn.value() % COMPARE_EVERY == 0) {
            compareRing(process, lsn);
        }
    }

    /** I13: after the same record every ring is the same, however it came to be. */
    void compareRing(SimProcess process, Lsn lsn) {
        int now = ring(process.ledger.ledger());
        Integer first = rings.putIfAbsent(lsn, now);
        Violation.check(
                first == null || first == now, "I13", () -> "the ring of " + process + " is another after lsn=" + lsn);
    }

    private int ring(TaskLedger ledger) {
        return ledger.snapshot().mapToInt(this::item).reduce(1, (all, each) -> 31 * all + each);
    }

    private int item(SnapshotItem item) {
        return digest.of(item);
    }

    private void firstApplied(LogRecord.Replicated record) {
        RequestId request = record.request();
        if (request != null) {
            LogRecord first = requests.putIfAbsent(new Caused(request.caller(), request.number()), record);
            Violation.check(
                    first == null, "I9", () -> "a request has two records: " + request + ", " + first + ", " + record);
        }
        if (record instanceof LogRecord.Submitted task) {
            String label = String.valueOf(task.spec().label());
            String other = labels.putIfAbsent(task.sequence(), label);
            // It was lost with the copy that an operator chose, and is in another one that was chosen later.
            boolean isBack = label.equals(other) && lost.remove(task.sequence());
            Violation.check(
                    other == null || isBack,
                    "I7",
                    () -> "an id is given twice: " + task.sequence() + " to " + other + ", " + label);
            Long earlier = sequences.putIfAbsent(label, task.sequence());
            Violation.check(
                    earlier == null,
                    identified.contains(label) ? "I9" : "I10",
                    () -> "one submit is stored twice: " + label + ", " + earlier + ", " + task.sequence());
            String key = task.spec().idempotencyKey();
            Long first = key == null ? null : keys.putIfAbsent(key, task.sequence());
            Violation.check(
                    first == null, "I9", () -> "a key has two tasks: " + key + ", " + first + ", " + task.sequence());
        } else if (record instanceof LogRecord.Completed end) {
            ended(end.sequence(), end.toString());
            Violation.check(ran.contains(end.sequence()), "I3", () -> "a result of a task that never ran: " + end);
        } else if (record instanceof LogRecord.Failed end) {
            ended(end.sequence(), end.toString());
        } else if (record instanceof LogRecord.Cancelled end) {
            ended(end.sequence(), end.toString());
        } else if (record instanceof LogRecord.Disposed gone) {
            removed.add(gone.sequence());
            Violation.check(
                    disposals.contains(gone.sequence()),
                    "I5",
                    () -> "a result is removed that nobody disposed of: " + gone);
        }
    }

    /** What was committed after {@code end} is lost: I3 to I6, I9 and I14 hold of what is left; no id is given again all the same. */
    void forget(Lsn end) {
        List<LogRecord.Replicated> gone = history.subList((int) end.value(), history.size());
        for (LogRecord.Replicated record : gone) {
            if (record instanceof LogRecord.OfTask task) {
                unsettled.add(task.sequence());
            }
            if (record instanceof LogRecord.Submitted task) {
                lost.add(task.sequence());
            }
        }
        requests.values().removeAll(gone);
        gone.clear();
        sequences.values().removeAll(lost);
        keys.values().removeAll(lost);
        acknowledged.keySet().removeAll(lost);
        ends.keySet().removeAll(unsettled);
        removed.removeAll(unsettled);
        disposed.removeAll(unsettled);
        seen.keySet().removeAll(unsettled);
        attempts.removeIf(attempt -> unsettled.contains(attempt.sequence()));
        for (LogRecord.Replicated record : history) {
            if (record instanceof LogRecord.OfTask task && unsettled.contains(task.sequence())) {
                restore(task);
            }
        }
        rings.keySet().removeIf(lsn -> lsn.compareTo(end) > 0);
        known = end;
        told = told.compareTo(end) < 0 ? told : end;
    }

    private void restore(LogRecord.OfTask record) {
        if (record instanceof LogRecord.Completed
                || record instanceof LogRecord.Failed
                || record instanceof LogRecord.Cancelled) {
            ends.put(record.sequence(), record.toString());
        } else if (record instanceof LogRecord.Disposed) {
            removed.add(record.sequence());
        }
    }

    private void ended(long sequence, String how) {
        String earlier = ends.putIfAbsent(sequence, how);
        Violation.check(earlier == null, "I3", () -> "a task ends twice: " + earlier + ", " + how);
    }

    void answered(SimProcess process, Lsn upTo) {
        Violation.check(
                process.ledger.applied().compareTo(upTo) >= 0,
                "R2",
                () -> process + " answers from what is not applied");
        told = told.compareTo(upTo) < 0 ? upTo : told;
    }

    /** A serving primary reads: it misses nothing that anybody was told of. */
    void reads(SimProcess process) {
        Violation.check(
                process.ledger.applied().compareTo(told) >= 0,
                "lease",
                () -> process + " reads a stale ring: applied=" + process.ledger.applied() + ", told=" + told);
    }

    /** @param planned whether the process became primary by a hand-over */
    void runs(SimProcess process, TaskEntry entry, int attempt, boolean planned) {
        long sequence = entry.sequence();
        Violation.check(
                attempts.add(new Attempt(sequence, attempt)),
                "I14",
                () -> "an attempt number is given twice: " + entry + ", attempt=" + attempt);
        ran.add(sequence);
        Set<SimProcess> others = running.computeIfAbsent(sequence, each -> new HashSet<>());
        others.removeIf(SimProcess::hasEnded);
        Violation.check(
                !planned
                        || (others.stream().noneMatch(other -> handsOverTo(process, other))
                                && !wasInterruptedFor(process, sequence)),
                "hand-over",
                () -> entry + " ran on another node, " + others + ", and again on " + process);
        others.add(process);
    }

    /** Not one that was cut off before a failover, and has not heard of it: that let the task run again, not the hand-over after it. */
    private static boolean handsOverTo(SimProcess next, SimProcess running) {
        return running.ledger.led().value() + 1 == next.ledger.led().value();
    }

    private boolean wasInterruptedFor(SimProcess process, long sequence) {
        Epoch epoch = interruptedIn.get(sequence);
        return epoch != null && epoch.value() + 1 == process.ledger.led().value();
    }

    /** Its primary leads no more. */
    void interrupted(SimProcess process, long sequence) {
        interruptedIn.put(sequence, process.ledger.led());
        stoppedRunning(process, sequence);
    }

    void stoppedRunning(SimProcess process, long sequence) {
        running.getOrDefault(sequence, new HashSet<>()).remove(process);
    }

    /**
     * A client is about to submit.
     *
     * @param label its own for each submit, so that whatever is stored tells which one it was
     * @param repeats whether it sends it again without knowing what became of it, under a key or a request
     */
    void submits(String label, boolean repeats) {
        if (repeats) {
            identified.add(label);
        }
    }

    /** A client is about to dispose. */
    void disposes(long sequence) {
        disposals.add(sequence);
    }

    /** A client was told that its task is stored. */
    void acknowledged(String label, Optional<String> key, long sequence) {
        world.totals.add(Totals.Count.ACKNOWLEDGED);
        if (lost.contains(sequence)) {
            return; // the answer was on its way
        }
        String stored = labels.get(sequence);
        Violation.check(
                label.equals(stored),
                "I1",
                () -> "acknowledged is " + label + " as " + sequence + ", stored " + stored);
        Long ofKey = key.map(keys::get).orElse(sequence);
        Violation.check(
                ofKey == sequence, "I9", () -> "the key of " + label + " gave " + sequence + ", first " + ofKey);
        String earlier = acknowledged.putIfAbsent(sequence, label);
        Violation.check(
                earlier == null || earlier.equals(label), "I7", () -> "an id for two: " + earlier + ", " + label);
    }

    /** I9: a call that its caller still waits for is never over. */
    void refused(@Nullable Reply reply) {
        boolean spent = reply instanceof Reply.Refused refused && refused.refusal() == Reply.Refusal.SPENT;
        Violation.check(!spent, "I9", () -> "a call is taken for another, or for one that is over: " + reply);
    }

    /** A client was shown this result. */
    void seen(long sequence, String result) {
        world.totals.add(Totals.Count.RESULTS);
        if (unsettled.contains(sequence)) {
            return;
        }
        Violation.check(ends.containsKey(sequence), "I3", () -> "a result that nobody committed: " + sequence);
        Violation.check(!disposed.contains(sequence), "I6", () -> "a disposed result is back: " + sequence);
        String earlier = seen.putIfAbsent(sequence, result);
        Violation.check(
                earlier == null || earlier.equals(result), "I4", () -> "a result changed: " + earlier + ", " + result);
    }

    /** A client was told that there is no such task. */
    void missing(long sequence) {
        Violation.check(
                removed.contains(sequence) || unsettled.contains(sequence) || !acknowledged.containsKey(sequence),
                "I5",
                () -> "a task is gone: " + sequence);
    }

    /** A client was told that it is disposed of. */
    void disposed(long sequence) {
        if (!unsettled.contains(sequence)) {
            disposed.add(sequence);
        }
    }

    /** I1, I2: after everything has healed; the first that has not come to its end. */
    Optional<String> unfinished(TaskLedger ledger) {
        for (long sequence : acknowledged.keySet()) {
            TaskEntry entry = ledger.find(sequence);
            if (entry == null) {
                Violation.check(removed.contains(sequence), "I1", () -> "an acknowledged task is gone: " + sequence);
            } else if (entry.state() == SnapshotItem.State.UNFINISHED) {
                return Optional.of(entry.toString());
            }
        }
        return Optional.empty();
    }
}
