package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.Totals.Total;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.Removal;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The committed state of a partition. Only {@link #apply} changes it: live, in replay, on a backup. One writer, whoever
 * holds the partition; {@link #find}, {@link #staleness}, {@link #committed} are for any thread.
 */
final class TaskRing extends RingRules {

    private final Function<String, ExecutorLimits> limits;
    private final EntryTable entries = new EntryTable();
    private final Map<String, ExecutorRing> executors = new ConcurrentHashMap<>();
    private final SpecInterner interner = new SpecInterner();
    private final RequestTable requests;
    private final AtomicLong entryBytes = new AtomicLong();

    /** I7: above every sequence in the log; grows only. */
    private volatile long nextSequence = TaskId.FIRST_SEQUENCE;

    private volatile List<SequenceRange> lost = List.of();

    /** I8: grows only. */
    private Epoch epoch = Epoch.NONE;

    private long session;
    private RingListener listener = RingListener.NONE;

    TaskRing(Function<String, ExecutorLimits> limits, RequestLimits requestLimits) {
        this.limits = limits;
        this.requests = new RequestTable(requestLimits);
    }

    void apply(LogRecord.Replicated record, RingListener told) {
        listener = told;
        record.dispatchTo(this);
        requests.apply(record);
    }

    @Override
    void change(Change change) {
        StoredEntry before = change.before();
        StoredEntry after = change.after();
        ExecutorRing executor = executorOf(after.executor());
        if (before != null) {
            entryBytes.lazySet(entryBytes.getPlain() - before.liveBytes());
            if (before.isTerminal()) {
                executor.results().remove(before);
            }
        }
        Removal removal = change.removal();
        if (removal == null) {
            put(executor, after);
        } else {
            // First the reason, then the removal: a reader that finds no entry finds the reason.
            executor.tombstones().add(after.sequence(), removal);
            entries.remove(after.sequence());
        }
        if (before == null) {
            remember(executor, after);
        }
        executor.totals().count(change, 1);
        Notices.tell(listener, change);
    }

    private void put(ExecutorRing executor, StoredEntry entry) {
        entries.put(entry);
        entryBytes.lazySet(entryBytes.getPlain() + entry.liveBytes());
        if (entry.isTerminal()) {
            executor.results().add(entry);
        }
    }

    private void remember(ExecutorRing executor, StoredEntry submitted) {
        nextSequence = submitted.sequence() + 1;
        String key = submitted.spec().idempotencyKey();
        if (key != null) {
            executor.keys().put(key, submitted.sequence(), submitted.submittedAtMillis());
        }
    }

    @Override
    StoredEntry stored(LogRecord.Submitted task) {
        TaskSpec spec = interner.spec(task.spec());
        return Transitions.submitted(task, executorOf(task.executor()).name(), spec);
    }

    @Override
    @Nullable
    String sharedCodec(LogRecord.Completed completed) {
        return interner.shareNullable(super.sharedCodec(completed));
    }

    @Override
    public void epochStarted(LogRecord.EpochStarted started) {
        if (started.epoch().compareTo(epoch) <= 0) {
            throw violated("I8", "an epoch does not grow", started, "epoch=" + epoch.value());
        }
        epoch = started.epoch();
        session = started.session();
        nextSequence = Math.max(nextSequence, started.nextSequence());
        boolean takesUp = started.cause() != LogRecord.EpochCause.VISIT;
        entries.open().forEach(entry -> {
            StoredEntry after = Transitions.atEpoch(entry, started.cause());
            if (after.isUnfinished()) {
                entries.put(after);
                if (takesUp && after.crashes() < after.spec().maxCrashes()) {
                    executorOf(after.executor()).totals().add(Total.RECOVERED, 1);
                }
            }
        });
    }

    @Override
    public void sequencesLost(LogRecord.SequencesLost record) {
        if (record.range().first() < nextSequence) {
            throw violated("I7", "sequences that the log holds are lost", record, "nextSequence=" + nextSequence);
        }
        addLost(record.range());
        nextSequence = record.range().endExclusive();
    }

    private void addLost(SequenceRange range) {
        List<SequenceRange> ranges = new ArrayList<>(lost);
        ranges.add(range);
        lost = List.copyOf(ranges);
    }

    @Override
    public void executorDestroyed(LogRecord.ExecutorDestroyed record) {
        ExecutorRing executor = executorOf(record.executor());
        operate(record, false, false);
        executor.tombstones().clear(nextSequence);
        executor.results().clear();
        executor.keys().clear();
        entries.entries().forEach(entry -> {
            if (entry.executor().equals(executor.name())) {
                entries.remove(entry.sequence());
                entryBytes.lazySet(entryBytes.getPlain() - entry.liveBytes());
                executor.totals().weigh(entry, -1);
                listener.onRemoved(entry, Reply.Staleness.DISPOSED);
            }
        });
    }

    @Override
    void operate(LogRecord.OfExecutor record, boolean shutdown, boolean paused) {
        ExecutorRing executor = executorOf(record.executor());
        boolean changed = executor.shutdown() != shutdown || executor.paused() != paused;
        executor.operate(record.operation(), shutdown, paused);
        if (changed) {
            listener.onExecutorChanged(executor.name(), shutdown, paused);
        }
    }

    @Override
    boolean isShutdown(String executor) {
        return executorOf(executor).shutdown();
    }

    @Override
    boolean isPaused(String executor) {
        return executorOf(executor).paused();
    }

    /** Restores a piece of a checkpoint; the partition's own comes first, an executor before what belongs to it. */
    void install(SnapshotItem item) {
        if (item instanceof SnapshotItem.OfPartition partition) {
            if (!entries.isEmpty() || !executors.isEmpty()) {
                throw new IllegalStateException("A checkpoint can be restored into an empty ring only: nextSequence="
                        + nextSequence + ", tasks=" + entries.size());
            }
            epoch = partition.epoch();
            session = partition.session();
            nextSequence = partition.nextSequence();
        } else if (item instanceof SnapshotItem.Lost range) {
            addLost(range.range());
        } else if (item instanceof SnapshotItem.OfExecutor executor) {
            executorOf(executor.name()).install(executor);
        } else if (item instanceof SnapshotItem.Tombstones run) {
            Tombstones tombstones = executorOf(run.executor()).tombstones();
            Arrays.stream(run.sequences()).forEach(sequence -> tombstones.add(sequence, run.removal()));
        } else if (item instanceof SnapshotItem.Key key) {
            executorOf(key.executor()).keys().put(key.idempotencyKey(), key.sequence(), key.atMillis());
        } else if (item instanceof SnapshotItem.Caller caller) {
            requests.install(caller);
        } else if (item instanceof SnapshotItem.OfTask task) {
            installTask(task);
        } else {
            throw new IllegalStateException("Unknown piece of a checkpoint: " + item.getClass());
        }
    }

    private void installTask(SnapshotItem.OfTask task) {
        if (task.sequence() >= nextSequence || entries.get(task.sequence()) != null) {
            throw new IllegalStateException("Invariant I7 does not hold, a checkpoint has a task twice or one that was"
                    + " never issued: sequence=" + task.sequence() + ", nextSequence=" + nextSequence);
        }
        ExecutorRing executor = executorOf(task.executor());
        StoredEntry entry = Transitions.installed(task, executor.name(), interner.spec(task.spec()));
        put(executor, entry);
        executor.totals().weigh(entry, 1);
    }

    /** The whole ring, see {@link RingSnapshot}. */
    Stream<SnapshotItem> snapshot() {
        List<ExecutorRing> byName = new ArrayList<>(executors.values());
        byName.sort(Comparator.comparing(ExecutorRing::name));
        Stream<SnapshotItem> callers = requests.snapshot();
        Stream<SnapshotItem> others = RingSnapshot.of(
                new SnapshotItem.OfPartition(epoch, session, nextSequence), lost, byName, unfinishedAndHeld());
        return Stream.concat(others, callers);
    }

    private StoredEntry[] unfinishedAndHeld() {
        return open().toArray(StoredEntry[]::new);
    }

    @Override
    @Nullable
    StoredEntry find(long sequence) {
        return entries.get(sequence);
    }

    /** Why there is no task of {@code executor} with this sequence. */
    Reply.Staleness staleness(String executor, long sequence) {
        if (sequence < TaskId.FIRST_SEQUENCE || sequence >= nextSequence || entries.get(sequence) != null) {
            return Reply.Staleness.UNKNOWN;
        }
        return isLost(sequence) ? Reply.Staleness.LOST : removal(executor, sequence, false);
    }

    /** See {@link Tombstones#staleness}. */
    Reply.Staleness removal(String executor, long sequence, boolean evictedInFlight) {
        ExecutorRing ring = executors.get(executor);
        return ring == null ? Reply.Staleness.UNKNOWN : ring.tombstones().staleness(sequence, evictedInFlight);
    }

    boolean isLost(long sequence) {
        for (SequenceRange range : lost) {
            if (range.contains(sequence)) {
                return true;
            }
        }
        return false;
    }

    /** Oldest first, as they are while the stream runs. */
    Stream<StoredEntry> committed() {
        return entries.entries();
    }

    /** Of these those that have not ended. For whoever holds the partition. */
    Stream<StoredEntry> open() {
        return entries.open();
    }

    @Nullable
    ExecutorRing executor(String name) {
        return executors.get(name);
    }

    Collection<ExecutorRing> executors() {
        return Collections.unmodifiableCollection(executors.values());
    }

    private ExecutorRing executorOf(String name) {
        ExecutorRing executor = executors.get(name);
        if (executor == null) {
            executor = new ExecutorRing(name, limits.apply(name));
            executors.put(name, executor);
        }
        return executor;
    }

    ExecutorLimits limits(String name) {
        ExecutorRing executor = executors.get(name);
        return executor == null ? limits.apply(name) : executor.limits();
    }

    RequestTable requests() {
        return requests;
    }

    Epoch epoch() {
        return epoch;
    }

    @Override
    long nextSequence() {
        return nextSequence;
    }

    long entryBytes() {
        return entryBytes.get();
    }
}
