package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.replication.protocol.Refusal;
import dev.holdfast.replication.runtime.RunRefusedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionLog;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's way from commands to replies: decide each, append them in one run, wait for the commit, apply, note the
 * high-water mark, and only then hand on the replies and what they cause. Under the partition's lock, but for {@link
 * #commitIsAhead}.
 *
 * <p>A full log refuses the submits of a batch. What ends or removes tasks has reserved room; should even that be used up,
 * it is kept until there is room again. So is what the copies can not take for the moment.
 *
 * <p>The ring's lock is given up during an append: the partition may be deposed meanwhile, and then what was appended is
 * undecided.
 */
final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);
    private static final long NONE_PENDING = Long.MAX_VALUE;

    /** What came of a batch that was handed to the log. */
    private enum Appended {
        YES,
        NO_ROOM,
        /** The copies can not take it now: to be tried again. */
        NOT_YET,
        /** Too few copies for a commit: the same, but for submits, which are refused. */
        TOO_FEW_COPIES
    }

    private final PartitionRing ring;
    private final TaskLedger ledger;
    private final ReplicaGroup group;
    private final PartitionLog log;
    private final Effects effects;
    private final InstantSource clock;
    private final Retries retries;
    private final Consumer<Undecided> undecided;

    /** Appended, not committed; oldest first. Bounded by the submits that may wait for their commit, and by the pools. */
    private final ArrayDeque<PendingBatch> pending = new ArrayDeque<>();
    /** Commands that the log or the copies had no room for: decided again when there is. Same bound. */
    private final List<Item> stalled = new ArrayList<>();
    /** Whether that is the copies' doing: then more may wait behind them. */
    private boolean stalledByCopies;

    private boolean saidThatFull;
    /** To be decided in front of the first command. */
    private @Nullable Item opening;
    /** Being worked on: what is to be answered should that fail. */
    private List<Item> current = List.of();

    private LogEnd applied;
    private boolean deposed;
    private volatile long firstPendingLsn = NONE_PENDING;

    /** Has {@link #retryStalled} called after a while. */
    interface Retries {
        void whenThereMayBeRoom();

        void soon();
    }

    BatchWriter(
            PartitionRing ring, ReplicaGroup group, PartitionLog log, Retries retries, Consumer<Undecided> undecided) {
        this.ring = ring;
        this.ledger = ring.ledger();
        this.group = group;
        this.log = log;
        this.effects = ring.effects();
        this.clock = ring.host().clock();
        this.retries = retries;
        this.undecided = undecided;
        this.applied = group.end();
    }

    /** Whether something that was appended can be applied now. Any thread. */
    boolean commitIsAhead() {
        return firstPendingLsn <= group.committed().value();
    }

    /** Everything that was taken on is committed and answered. */
    boolean isQuiet() {
        return pending.isEmpty() && stalled.isEmpty();
    }

    /** The end of what was applied: the ring is what replaying the log up to here gives. */
    LogEnd applied() {
        return applied;
    }

    void openWith(Item start) {
        opening = start;
    }

    /** Decides and appends; what is committed by then can be released. */
    void write(List<Item> batch) {
        List<Item> items = batch;
        if (opening != null) {
            items = new ArrayList<>(batch.size() + 1);
            items.add(opening);
            items.addAll(batch);
            opening = null;
        }
        if (!stalled.isEmpty()) {
            stallBehind(items);
            return;
        }
        Appended appended = decideAndAppend(items);
        if (appended == Appended.NO_ROOM || appended == Appended.TOO_FEW_COPIES) {
            items = refuseSubmits(items, appended);
            appended = items.isEmpty() ? Appended.YES : decideAndAppend(items);
        }
        if (appended != Appended.YES) {
            stall(items, appended);
        }
    }

    /** Unless the answer is YES nothing has happened. */
    private Appended decideAndAppend(List<Item> items) {
        current = items;
        int inFlightBefore = ledger.inFlight();
        List<LogRecord.Replicated> run = decide(items);
        List<LogRecord.Replicated> stored = List.of();
        if (!run.isEmpty()) {
            try {
                stored = append(run);
            } catch (LogFullException noRoom) {
                return refused(items, inFlightBefore, Refusal.LOG_FULL);
            } catch (RunRefusedException refused) {
                return refused(items, inFlightBefore, refused.why());
            }
        }
        PendingBatch batch = new PendingBatch(items, stored, group.end());
        if (deposed) {
            current = List.of();
            undecided.accept(new Undecided(items, batch.end()));
        } else if (pending.isEmpty() && batch.end().lsn().compareTo(group.committed()) <= 0) {
            apply(batch);
        } else {
            pending.add(batch);
            current = List.of();
            publishFirstPending();
        }
        return Appended.YES;
    }

    private List<LogRecord.Replicated> append(List<LogRecord.Replicated> run) {
        ring.leave();
        try {
            List<LogRecord.Replicated> stored = group.append(run);
            saidThatFull = false;
            return stored;
        } finally {
            ring.enter();
        }
    }

    private Appended takeBack(int inFlightBefore, Appended answer) {
        if (!deposed) { // else everything was taken back, and the ring is another's
            ledger.dropInFlightBeyond(inFlightBefore);
        }
        current = List.of();
        return answer;
    }

    private Appended refused(List<Item> items, int inFlightBefore, Refusal why) {
        if (deposed || why == Refusal.NOT_PRIMARY) {
            Appended done = takeBack(inFlightBefore, Appended.YES);
            answer(items, new Reply.Elsewhere(false));
            return done;
        }
        return takeBack(
                inFlightBefore,
                switch (why) {
                    case LOG_FULL -> Appended.NO_ROOM;
                    case TOO_FEW_IN_SYNC -> Appended.TOO_FEW_COPIES;
                    case NOT_PRIMARY, STARTING, WINDOW_FULL, HANDING_OVER -> Appended.NOT_YET;
                });
    }

    private List<LogRecord.Replicated> decide(List<Item> items) {
        long nowMillis = clock.millis();
        List<LogRecord.Replicated> run = new ArrayList<>(items.size() + 4);
        long submittedBytes = 0;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            if (item.isSubmit()) {
                submittedBytes += item.payloadBytes();
                ledger.setRoom(log.hasRoomFor(submittedBytes));
            }
            item.decided(ledger.decide(item.command, nowMillis, run));
        }
        return run;
    }

    /** Applies what is committed, oldest first. */
    void applyCommitted() {
        if (pending.isEmpty()) {
            return;
        }
        for (PendingBatch first = pending.peek();
                first != null && first.end().lsn().compareTo(group.committed()) <= 0;
                first = pending.peek()) {
            pending.remove();
            apply(first);
        }
        publishFirstPending();
        if (stalledByCopies) {
            retryStalled();
        }
    }

    private void publishFirstPending() {
        PendingBatch first = pending.peek();
        firstPendingLsn = first == null ? NONE_PENDING : first.end().lsn().value();
    }

    private void apply(PendingBatch batch) {
        List<LogRecord.Replicated> records = batch.records();
        for (int i = 0; i < records.size(); i++) {
            ledger.apply(records.get(i));
        }
        applied = batch.end();
        if (!records.isEmpty()) {
            group.acknowledge(batch.end().lsn());
        }
        effects.reply(batch.items());
        current = List.of();
    }

    /** The items without the submits that would store a task: these are refused. One that came before and did stays. */
    private List<Item> refuseSubmits(List<Item> items, Appended why) {
        List<Item> others = new ArrayList<>();
        for (Item item : items) {
            if (item.command instanceof Command.Submit submit && !ledger.isStored(submit, clock.millis())) {
                item.decided(why == Appended.NO_ROOM ? noSpace(submit) : tooFewCopies(submit));
                effects.reply(item);
            } else {
                others.add(item);
            }
        }
        return others;
    }

    private void stall(List<Item> items, Appended why) {
        stalledByCopies = why != Appended.NO_ROOM;
        stalled.addAll(items);
        if (stalledByCopies) {
            retries.soon();
            return;
        }
        if (!saidThatFull) {
            saidThatFull = true;
            LOG.error(
                    ErrorCode.DISK_RESERVE_USED.says(
                            "The disk is full, not even the reserved room is left: tasks of this"
                                    + " partition can not end until there is room: partition={}"),
                    log.partition());
        }
        retries.whenThereMayBeRoom();
    }

    private void stallBehind(List<Item> items) {
        stalled.addAll(stalledByCopies ? items : refuseSubmits(items, Appended.NO_ROOM));
    }

    /** Tries again what waits for room. */
    void retryStalled() {
        List<Item> again = new ArrayList<>(stalled);
        stalled.clear();
        stalledByCopies = false;
        if (!again.isEmpty()) {
            write(again);
        }
    }

    /**
     * Leads no more: applies what is committed, and hands out what is not. From here on the ring is another's. With the ring's
     * lock held, by the replica that steps down.
     */
    void depose() {
        applyCommitted();
        deposed = true;
        for (PendingBatch batch : pending) {
            undecided.accept(new Undecided(batch.items(), batch.end()));
        }
        pending.clear();
        publishFirstPending();
        answer(stalled, new Reply.Elsewhere(false));
        stalled.clear();
        ledger.dropInFlight();
    }

    /** Whether something waits for room. */
    boolean isStalled() {
        return !stalled.isEmpty();
    }

    /** Answers everything that was taken on with {@code reply}; nothing more may be written. */
    void answerAll(Reply reply) {
        answer(current, reply);
        for (PendingBatch batch : pending) {
            answer(batch.items(), reply);
        }
        answer(stalled, reply);
        current = List.of();
        pending.clear();
        stalled.clear();
        stalledByCopies = false;
        publishFirstPending();
    }

    private void answer(List<Item> items, Reply reply) {
        for (Item item : items) {
            item.decided(reply);
            effects.reply(item);
        }
    }

    private Reply tooFewCopies(Command.Submit submit) {
        return new Reply.Refused(
                Reply.Refusal.COPIES,
                "Not stored, too few members hold this partition: executor=" + submit.executor() + ", partition="
                        + log.partition() + "; start more members, or lower replication.min-in-sync");
    }

    private Reply noSpace(Command.Submit submit) {
        return new Reply.Refused(
                Reply.Refusal.SPACE,
                "Not stored, the disk has no room for more tasks: executor=" + submit.executor() + ", partition="
                        + log.partition() + ", bytes=" + submit.payload().length()
                        + "; make room on the disk or dispose of results");
    }
}
