package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The ring of one partition on this node, and whose it is: of the {@link Partition} that serves it, or of the replica that
 * follows another node's. It passes from one to the other under its lock, which is held for moments only: whoever serves gives
 * it up while it appends, so that a replica that steps down with its own lock held never waits for somebody who waits for it.
 *
 * <p>Methods are for the replica's shell, one thread at a time, unless they say something else.
 */
public final class PartitionRing {

    private final PartitionId id;
    private final PartitionHost host;
    private final Effects effects = new Effects();
    private final ReentrantLock lock = new ReentrantLock();
    /** Under {@link #lock}. */
    private TaskLedger ledger;

    public PartitionRing(PartitionId id, PartitionHost host) {
        this.id = id;
        this.host = host;
        this.ledger = new TaskLedger(id, host.limits(), effects);
    }

    /** Takes everything that a log holds, for a node alone, to which all of it is committed. */
    ReplayHandler replaying() {
        return ledger.replay();
    }

    /** Takes a checkpoint's items, then what is committed behind it, while nothing is served from here. */
    public ReplayHandler following() {
        return new ReplayHandler() {
            @Override
            public void onSnapshot(SnapshotItem item) {
                locked(() -> ledger.install(item));
            }

            @Override
            public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
                locked(() -> {
                    ledger.apply(replicated);
                    effects.forget();
                });
            }
        };
    }

    /** Everything is forgotten: a checkpoint is about to take its place. */
    public void replaced() {
        locked(() -> ledger = new TaskLedger(id, host.limits(), effects));
    }

    /**
     * This node is about to lead: what its log has behind the committed end is in flight from here on, and may be committed
     * still.
     *
     * @param tail hands over those records, in order
     * @param start makes the command, given the sequence after the last one that the log has
     * @return what opens the epoch
     */
    public List<LogRecord.Replicated> openEpoch(
            Consumer<Consumer<LogRecord.Replicated>> tail, LongFunction<Command.StartEpoch> start) {
        return lockedGet(() -> {
            ledger.dropInFlight();
            tail.accept(ledger::takeUp);
            Command.StartEpoch command = start.apply(ledger.nextSequenceOfLog());
            return ledger.decide(command, host.clock().millis()).records();
        });
    }

    /** It leads no more, before it served: what was in flight is to be heard of again. */
    public void dropTail() {
        locked(ledger::dropInFlight);
    }

    /** The committed ring as it is now; as {@link TaskLedger#snapshot}. */
    public Stream<SnapshotItem> snapshot() {
        return lockedGet(ledger::snapshot);
    }

    /** About what a checkpoint would write. */
    public long liveBytes() {
        return lockedGet(ledger::liveBytes);
    }

    /**
     * The epoch is open and everything is applied: from now on the partition that this gives is whose the ring is, until it is
     * {@link Partition#depose deposed}. Reserves its first sequences, which may take a forced write.
     *
     * @param undecided is handed what a deposed partition had appended without seeing it committed; any thread
     */
    public Partition serve(
            PartitionLog log, SequenceLimits sequences, ReplicaGroup group, Consumer<Undecided> undecided) {
        return Partition.over(this, log, sequences, group, undecided);
    }

    // ---- for the partition that serves

    PartitionId id() {
        return id;
    }

    PartitionHost host() {
        return host;
    }

    Effects effects() {
        return effects;
    }

    /** Under the lock, or where nobody else has it yet. */
    TaskLedger ledger() {
        return ledger;
    }

    void enter() {
        lock.lock();
    }

    void leave() {
        lock.unlock();
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T lockedGet(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
