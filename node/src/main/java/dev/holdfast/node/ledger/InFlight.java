package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.IdempotencyTable.Remembered;
import dev.holdfast.node.ledger.Totals.Total;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem.Removal;
import dev.holdfast.storage.log.TaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ring as it will be when everything decided so far is applied: what {@code decide} reads. Holds the records in flight,
 * in order, and the tasks and executors that they change, over the committed {@link TaskRing}. It is a function of those
 * records, so forgetting the last of them is building it anew from the first.
 *
 * <p>Belongs to whoever holds the partition; {@link #unfinished} is for any thread.
 */
final class InFlight extends RingRules {

    private final TaskRing ring;
    private final ArrayDeque<PendingRecord> pending = new ArrayDeque<>();
    private final Long2ObjectHashMap<PendingTask> tasks = new Long2ObjectHashMap<>();
    private final Map<String, PendingExecutor> executors = new ConcurrentHashMap<>();

    /** An executor that was looked at and that nothing in flight concerns so far. */
    private @Nullable PendingExecutor lookedAt;
    /** The last one that nothing in flight concerned any more, to be used again: most partitions serve one for long. */
    private @Nullable PendingExecutor spare;

    private long nextSequence;
    /** More than one where a primary took up the tail of one that had not committed its own. */
    private final ArrayDeque<LogRecord.EpochStarted> epochs = new ArrayDeque<>();

    private final ArrayDeque<LogRecord.SequencesLost> lost = new ArrayDeque<>();

    /** The ring's table of requests as it will be; null, or another state than the ring's, while nothing is in flight. */
    private @Nullable RequestTable requests;

    InFlight(TaskRing ring) {
        this.ring = ring;
    }

    void add(LogRecord.Replicated record) {
        RequestTable table = requests();
        pending.addLast(new PendingRecord(record));
        record.dispatchTo(this);
        table.apply(record);
    }

    /**
     * Which calls have caused a record. A table of its own, that is one step ahead of the ring's: copied from it where the
     * ring went on alone, as in replay and on a backup, or where what was in flight is forgotten.
     */
    RequestTable requests() {
        RequestTable table = requests;
        if (table == null
                || (pending.isEmpty() && table.changes() != ring.requests().changes())) {
            table = new RequestTable(ring.requests());
            requests = table;
        }
        return table;
    }

    /** The outcome that the call's record, still in flight, removes; null once that is committed. */
    @Nullable
    StoredEntry takenInFlight(RequestId call) {
        for (PendingRecord each : pending) {
            RequestId request = each.record.request();
            if (request != null
                    && request.number() == call.number()
                    && request.caller().equals(call.caller())) {
                Change change = each.change;
                return change == null || change.removal() == null ? null : change.after();
            }
        }
        return null;
    }

    /** Takes the oldest record in flight back: the ring has it now. Nothing is in flight in replay and on a backup. */
    void applied(LogRecord.Replicated record) {
        PendingRecord oldest = pending.pollFirst();
        if (oldest == null) {
            return;
        }
        lookedAt = null;
        if (!isSame(oldest.record, record)) {
            throw violated("I13", "records are applied in another order than decided", record, oldest.record);
        }
        if (oldest.change != null) {
            changeApplied(oldest.change);
        }
        if (oldest.executor != null) {
            PendingExecutor executor = executor(oldest.executor);
            if (oldest.destroyed != null) {
                executor.destroyApplied(oldest.destroyed);
            }
            if (executor.recordApplied()) {
                executors.remove(executor.name());
                spare = executor;
            }
        }
        if (oldest.record == epochs.peekFirst()) {
            epochs.removeFirst();
        } else if (oldest.record == lost.peekFirst()) {
            lost.removeFirst();
        }
    }

    /** Bodies may have moved into the log on the way. */
    private static boolean isSame(LogRecord.Replicated decided, LogRecord.Replicated applied) {
        if (decided instanceof LogRecord.OfTask ofTask) {
            return applied.getClass() == decided.getClass()
                    && ((LogRecord.OfTask) applied).sequence() == ofTask.sequence();
        }
        return applied.equals(decided);
    }

    private void changeApplied(Change change) {
        long sequence = change.after().sequence();
        PendingTask task = tasks.get(sequence);
        task.records--;
        if (task.records == 0) {
            tasks.remove(sequence);
        }
        executor(change.after().executor()).applied(change);
    }

    /** Forgets every record in flight but the first {@code kept}. */
    void dropBeyond(int kept) {
        List<LogRecord.Replicated> records = new ArrayList<>();
        for (PendingRecord each : pending) {
            if (records.size() < kept) {
                records.add(each.record);
            }
        }
        pending.clear();
        tasks.clear();
        executors.clear();
        lookedAt = null;
        spare = null;
        requests = null;
        nextSequence = 0;
        epochs.clear();
        lost.clear();
        records.forEach(this::add);
    }

    int size() {
        return pending.size();
    }

    @Override
    void change(Change change) {
        StoredEntry after = change.after();
        PendingTask task = tasks.get(after.sequence());
        if (task == null) {
            task = new PendingTask(after.executor());
            tasks.put(after.sequence(), task);
        }
        task.records++;
        task.entry = change.removal() == null ? after : null;
        task.removal = change.removal();
        if (change.submitted()) {
            nextSequence = after.sequence() + 1;
        }
        PendingExecutor executor = concern(after.executor());
        executor.changed(change);
        pending.getLast().change = change;
    }

    /** The executor that the last record is about. */
    private PendingExecutor concern(String name) {
        PendingExecutor executor = executor(name);
        executors.put(name, executor);
        executor.recordAdded();
        pending.getLast().executor = name;
        return executor;
    }

    @Override
    public void epochStarted(LogRecord.EpochStarted record) {
        Epoch last = epochs.isEmpty() ? ring.epoch() : epochs.getLast().epoch();
        if (record.epoch().compareTo(last) <= 0) {
            throw violated("I8", "an epoch does not grow", record, "epoch=" + last.value());
        }
        epochs.addLast(record);
        nextSequence = Math.max(nextSequence, record.nextSequence());
        for (PendingTask task : tasks.values()) {
            if (task.entry != null) {
                task.entry = Transitions.atEpoch(task.entry, record.cause());
            }
        }
    }

    @Override
    public void sequencesLost(LogRecord.SequencesLost record) {
        lost.addLast(record);
        nextSequence = Math.max(nextSequence, record.range().endExclusive());
    }

    @Override
    void operate(LogRecord.OfExecutor record, boolean shutdown, boolean paused) {
        concern(record.executor()).operated(record.operation(), shutdown, paused);
    }

    @Override
    boolean isShutdown(String executor) {
        return executor(executor).shutdown();
    }

    @Override
    boolean isPaused(String executor) {
        return executor(executor).paused();
    }

    @Override
    public void executorDestroyed(LogRecord.ExecutorDestroyed record) {
        operate(record, false, false);
        pending.getLast().destroyed = executor(record.executor()).destroyed(nextSequence());
        for (PendingTask task : tasks.values()) {
            if (task.executor.equals(record.executor())) {
                task.entry = null;
                task.removal = Removal.DISPOSED;
            }
        }
    }

    @Override
    @Nullable
    StoredEntry find(long sequence) {
        PendingTask task = tasks.get(sequence);
        if (task != null) {
            return task.entry;
        }
        StoredEntry entry = ring.find(sequence);
        return entry == null ? null : unlessDestroyed(entry);
    }

    private @Nullable StoredEntry unlessDestroyed(StoredEntry entry) {
        PendingExecutor executor = executors.get(entry.executor());
        if (executor != null && entry.sequence() < executor.destroyedBelow()) {
            return null;
        }
        StoredEntry atLastEpoch = entry;
        for (LogRecord.EpochStarted epoch : epochs) {
            atLastEpoch = Transitions.atEpoch(atLastEpoch, epoch.cause());
        }
        return atLastEpoch;
    }

    /** As {@link TaskRing#staleness}. */
    Reply.Staleness staleness(String executor, long sequence) {
        if (sequence < TaskId.FIRST_SEQUENCE || sequence >= nextSequence() || find(sequence) != null) {
            return Reply.Staleness.UNKNOWN;
        }
        if (ring.isLost(sequence)
                || lost.stream().anyMatch(record -> record.range().contains(sequence))) {
            return Reply.Staleness.LOST;
        }
        PendingExecutor changed = executors.get(executor);
        if (changed != null && sequence < changed.destroyedBelow()) {
            return Tombstones.forgotten(changed.evictedEver());
        }
        PendingTask task = tasks.get(sequence);
        if (task != null && task.removal != null && task.executor.equals(executor)) {
            return Reply.Staleness.of(task.removal);
        }
        return ring.removal(executor, sequence, changed != null && changed.evictedEver());
    }

    /** Tasks that nothing in flight has removed, and that have not ended, in no order. */
    Stream<StoredEntry> unfinished() {
        Stream<StoredEntry> changed = tasks.values().stream().map(task -> task.entry);
        Stream<StoredEntry> unchanged = ring.open()
                .filter(entry -> !tasks.containsKey(entry.sequence()))
                .map(this::unlessDestroyed);
        return Stream.concat(changed, unchanged).filter(entry -> entry != null && entry.isUnfinished());
    }

    @Nullable
    Remembered key(String executor, String key, long nowMillis) {
        return executor(executor).key(key, nowMillis);
    }

    @Nullable
    StoredEntry oldestResult(String executor) {
        return executor(executor).oldestResult(this::isAsListed);
    }

    void collectExpired(String executor, long nowMillis, int enough, Collection<Long> found) {
        executor(executor).collectExpired(nowMillis, this::isAsListed, enough, found);
    }

    /** Whether the very result of the list is still there: nothing in flight has removed or replaced it. */
    private boolean isAsListed(StoredEntry result) {
        PendingTask task = tasks.get(result.sequence());
        return task == null || task.entry == result;
    }

    /** The executor with everything in flight; not to be kept. */
    PendingExecutor executor(String name) {
        PendingExecutor executor = executors.get(name);
        if (executor != null) {
            return executor;
        }
        if (lookedAt == null || !lookedAt.name().equals(name)) {
            lookedAt = lookAt(name);
        }
        return lookedAt;
    }

    private PendingExecutor lookAt(String name) {
        PendingExecutor again = spare;
        if (again == null || !again.name().equals(name)) {
            return new PendingExecutor(name, ring);
        }
        spare = null;
        again.renew();
        return again;
    }

    /** Sorted. */
    Collection<String> executorNames() {
        Collection<String> names = new TreeSet<>(executors.keySet());
        ring.executors().forEach(executor -> names.add(executor.name()));
        return names;
    }

    /** Committed and in flight; any thread, a hint. */
    long unfinished(String name) {
        PendingExecutor changed = executors.get(name);
        ExecutorRing committed = ring.executor(name);
        long inFlight = changed == null ? 0 : changed.delta(Total.UNFINISHED);
        return Math.max(
                0, inFlight + (committed == null ? 0 : committed.totals().get(Total.UNFINISHED)));
    }

    @Override
    long nextSequence() {
        return Math.max(nextSequence, ring.nextSequence());
    }
}
