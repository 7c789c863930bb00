package dev.holdfast.node.recovery;

import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.RingListener;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.segment.SalvageHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a ring is known to be, of a log with holes. A hole may have submitted, ended and removed anything, so behind it:
 *
 * <ul>
 *   <li>sequences that may have been issued in it answer LOST;
 *   <li>a record about a task that is not known is left out, and the task answers LOST;
 *   <li>a task that had not ended, a parked one too, may have: unless a later record says what became of it, it is held, as a
 *       quarantined one, for a person to decide. It runs a second time, maybe to another result, only if somebody says so;
 *   <li>a result that was stored is served: that it was disposed of, evicted or retried is not known any more. So is a task that was
 *       held: that it was discarded or retried is not known. Which ones they are is told;
 *   <li>where a later record tells that something happened in the hole, that is put in its place.
 * </ul>
 *
 * One thread.
 */
final class SalvagedRing implements SalvageHandler {

    /** What {@code tasks show} says of a task that is held. */
    static final String REASON = "its log was damaged and repaired: it may have ended, and its result is lost";

    /** More than were ever issued behind what can be read; a partition has 2^48. */
    static final long SEQUENCES_SKIPPED = 1L << 32;

    private final TaskLedger ledger;
    private final ReplayHandler replay;
    private final SortedSet<Long> uncertain = new TreeSet<>();
    private final SortedSet<Long> maybeRemoved = new TreeSet<>();
    private final SortedSet<Long> unknownTasks = new TreeSet<>();
    private final List<SequenceRange> lost = new ArrayList<>();
    private final List<LsnRange> holes = new ArrayList<>();
    private long next = TaskId.FIRST_SEQUENCE;
    private long lastAtMillis;
    private boolean mayHaveIssuedMore;
    private boolean checkpointCut;
    private boolean endUnknown;

    /**
     * Records that can not be read.
     *
     * @param last of them
     */
    record LsnRange(Lsn first, Lsn last) {}

    SalvagedRing(PartitionId id) {
        ledger = new TaskLedger(id, executor -> ExecutorLimits.NONE, RingListener.NONE);
        replay = ledger.replay();
    }

    @Override
    public void onSnapshot(SnapshotItem item) {
        if (item instanceof SnapshotItem.OfPartition partition) {
            next = Math.max(next, partition.nextSequence());
        }
        replay.onSnapshot(item);
    }

    @Override
    public void onCheckpointGap() {
        checkpointCut = true;
        if (next > TaskId.FIRST_SEQUENCE) { // those that are there are found before this is looked at
            SequenceRange all = new SequenceRange(TaskId.FIRST_SEQUENCE, next);
            replay.onSnapshot(new SnapshotItem.Lost(all));
            lost.add(all);
        }
        mayHaveIssuedMore = true;
    }

    @Override
    public void onGap(Lsn first, Lsn last) {
        holes.add(new LsnRange(first, last));
        allMayHaveEnded();
    }

    @Override
    public void onUnknownEnd() {
        endUnknown = true;
        allMayHaveEnded();
    }

    private void allMayHaveEnded() {
        mayHaveIssuedMore = true;
        try (Stream<TaskEntry> entries = ledger.entries()) {
            entries.forEach(entry -> (runsWithoutBeingAsked(entry) ? uncertain : maybeRemoved).add(entry.sequence()));
        }
    }

    /** A start runs what is unfinished, and tries again what is parked. */
    private static boolean runsWithoutBeingAsked(TaskEntry entry) {
        return entry.state() == State.UNFINISHED || entry.state() == State.PARKED;
    }

    @Override
    public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
        lastAtMillis = replicated.atMillis();
        if (replicated instanceof LogRecord.Submitted submitted) {
            issued(submitted.sequence());
            if (submitted.sequence() >= next) {
                apply(submitted);
                next = submitted.sequence() + 1;
            }
        } else if (replicated instanceof LogRecord.SequencesLost sequences) {
            issued(sequences.range().first());
            if (sequences.range().first() >= next) {
                apply(sequences);
                next = sequences.range().endExclusive();
            }
        } else if (replicated instanceof LogRecord.OfTask ofTask) {
            onTask(ofTask);
        } else {
            apply(replicated);
        }
    }

    private void apply(LogRecord.Replicated replicated) {
        replay.onRecord(Lsn.NONE, Epoch.NONE, replicated);
    }

    /** Sequences are issued in order: what a hole has issued is below the next one. */
    private void issued(long sequence) {
        if (mayHaveIssuedMore && sequence > next) {
            lose(sequence);
        }
        mayHaveIssuedMore = false;
    }

    private void lose(long endExclusive) {
        SequenceRange range = new SequenceRange(next, endExclusive);
        apply(new LogRecord.SequencesLost(range, lastAtMillis));
        lost.add(range);
        next = endExclusive;
    }

    private void onTask(LogRecord.OfTask ofTask) {
        TaskEntry entry = ledger.find(ofTask.sequence());
        if (entry == null) {
            unknownTasks.add(ofTask.sequence());
            return;
        }
        // one after the other: a retry, then a start
        LogRecord.@Nullable Replicated before = new Missing(entry, ofTask).record();
        while (before != null) {
            apply(before);
            entry = ledger.find(ofTask.sequence());
            before = entry == null ? null : new Missing(entry, ofTask).record();
        }
        if (entry == null || !Missing.fits(entry, ofTask)) {
            return;
        }
        apply(ofTask);
        maybeRemoved.remove(ofTask.sequence()); // it was there still
        if (!(ofTask instanceof LogRecord.Disposed)) {
            uncertain.remove(ofTask.sequence());
        }
    }

    /**
     * Nothing more is read: decides where issuing goes on.
     *
     * @param reservedEndExclusive above every sequence that may have been issued; 0 if it is not known
     * @param crashed whether the process before did not close the log in order
     */
    void end(long reservedEndExclusive, boolean crashed) {
        long end = reservedEndExclusive > 0 ? Math.max(reservedEndExclusive, next) : next + SEQUENCES_SKIPPED;
        boolean unknown = mayHaveIssuedMore || endUnknown || crashed || reservedEndExclusive <= 0;
        if (unknown && end > next) {
            lose(end);
        }
        next = end;
        uncertain.removeIf(sequence -> {
            TaskEntry entry = ledger.find(sequence);
            return entry == null || !runsWithoutBeingAsked(entry);
        });
        maybeRemoved.removeIf(sequence -> ledger.find(sequence) == null);
    }

    /** Where issuing goes on. */
    long nextSequence() {
        return next;
    }

    /** The ring, to be written into a checkpoint; once. */
    Stream<SnapshotItem> snapshot() {
        return ledger.snapshot().map(this::held);
    }

    private SnapshotItem held(SnapshotItem item) {
        if (item instanceof SnapshotItem.OfPartition partition) {
            return new SnapshotItem.OfPartition(partition.epoch(), partition.session(), next);
        }
        if (!(item instanceof SnapshotItem.OfTask task) || !uncertain.contains(task.sequence())) {
            return item;
        }
        return new SnapshotItem.OfTask(
                task.sequence(),
                task.executor(),
                task.submittedAtMillis(),
                task.spec(),
                task.payload(),
                State.QUARANTINED,
                Math.max(1, task.attempt()),
                false,
                task.crashes(),
                task.disposeAtEnd(),
                task.startedAtMillis(),
                task.finishedAtMillis(),
                REASON,
                task.resultCodec(),
                task.failure(),
                task.result());
    }

    List<LsnRange> holes() {
        return holes;
    }

    /** Sequences that answer LOST from now on, and did not before, unless there is a task. */
    List<SequenceRange> lost() {
        return lost;
    }

    /** Of those, what records told of that could be read. */
    SortedSet<Long> unknownTasks() {
        return unknownTasks;
    }

    /** Tasks that are held because they may have ended. */
    SortedSet<Long> heldTasks() {
        return uncertain;
    }

    /** Results and held tasks that are there again, if a record that is lost had removed or replaced them. */
    SortedSet<Long> maybeRemoved() {
        return maybeRemoved;
    }

    boolean isCheckpointCut() {
        return checkpointCut;
    }

    boolean isEndUnknown() {
        return endUnknown;
    }

    /** How many tasks and results there are in {@code wanted} states, without those that are held. */
    long count(State... wanted) {
        List<State> states = List.of(wanted);
        try (Stream<TaskEntry> entries = ledger.entries()) {
            return entries.filter(entry -> states.contains(entry.state()) && !uncertain.contains(entry.sequence()))
                    .count();
        }
    }
}
