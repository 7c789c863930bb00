package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionLog;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's way from commands to replies: decide each, append them in one run, wait for the commit, apply, note the
 * high-water mark, and only then hand on the replies and what they cause. Under the partition's lock, but for {@link
 * #commitIsAhead}.
 *
 * <p>A full log refuses the submits of a batch. What ends or removes tasks has reserved room; should even that be used up,
 * it is kept until there is room again.
 */
final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);
    private static final long NONE_PENDING = Long.MAX_VALUE;

    private final TaskLedger ledger;
    private final ReplicaGroup group;
    private final PartitionLog log;
    private final Effects effects;
    private final InstantSource clock;
    private final Runnable retryLater;

    /** Appended, not committed; oldest first. Bounded by the submits that may wait for their commit, and by the pools. */
    private final ArrayDeque<PendingBatch> pending = new ArrayDeque<>();
    /** Commands for which not even the reserved room was enough: decided again when there is room. Same bound. */
    private final List<Item> stalled = new ArrayList<>();
    /** To be decided in front of the first command. */
    private @Nullable Item opening;
    /** Being worked on: what is to be answered should that fail. */
    private List<Item> current = List.of();

    private LogEnd applied;
    private volatile long firstPendingLsn = NONE_PENDING;

    /** @param retryLater to call {@link #retryStalled} after a while */
    BatchWriter(
            TaskLedger ledger,
            ReplicaGroup group,
            PartitionLog log,
            Effects effects,
            InstantSource clock,
            Runnable retryLater) {
        this.ledger = ledger;
        this.group = group;
        this.log = log;
        this.effects = effects;
        this.clock = clock;
        this.retryLater = retryLater;
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
            stall(items);
        } else if (!decideAndAppend(items)) {
            List<Item> others = refuseSubmits(items);
            if (!others.isEmpty() && !decideAndAppend(others)) {
                stall(others);
            }
        }
    }

    /** False if the log had no room: then nothing has happened. */
    private boolean decideAndAppend(List<Item> items) {
        current = items;
        int inFlightBefore = ledger.inFlight();
        List<LogRecord.Replicated> run = decide(items);
        List<LogRecord.Replicated> stored = List.of();
        if (!run.isEmpty()) {
            try {
                stored = group.append(run);
            } catch (LogFullException noRoom) {
                ledger.dropInFlightBeyond(inFlightBefore);
                current = List.of();
                return false;
            }
        }
        PendingBatch batch = new PendingBatch(items, stored, group.end());
        if (pending.isEmpty() && batch.end().lsn().compareTo(group.committed()) <= 0) {
            apply(batch);
        } else {
            pending.add(batch);
            current = List.of();
            publishFirstPending();
        }
        return true;
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
    private List<Item> refuseSubmits(List<Item> items) {
        List<Item> others = new ArrayList<>();
        for (Item item : items) {
            if (item.command instanceof Command.Submit submit && !ledger.isStored(submit, clock.millis())) {
                item.decided(noSpace(submit));
                effects.reply(item);
            } else {
                others.add(item);
            }
        }
        return others;
    }

    private void stall(List<Item> items) {
        if (stalled.isEmpty()) {
            LOG.error(
                    ErrorCode.DISK_RESERVE_USED.says(
                            "The disk is full, not even the reserved room is left: tasks of this"
                                    + " partition can not end until there is room: partition={}"),
                    log.partition());
            retryLater.run();
        }
        stalled.addAll(refuseSubmits(items));
    }

    /** Tries again what waits for room. */
    void retryStalled() {
        List<Item> again = new ArrayList<>(stalled);
        stalled.clear();
        if (!again.isEmpty() && !decideAndAppend(again)) {
            stalled.addAll(again);
            retryLater.run();
        }
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
        publishFirstPending();
    }

    private void answer(List<Item> items, Reply reply) {
        for (Item item : items) {
            item.decided(reply);
            effects.reply(item);
        }
    }

    private Reply noSpace(Command.Submit submit) {
        return new Reply.Refused(
                Reply.Refusal.SPACE,
                "Not stored, the disk has no room for more tasks: executor=" + submit.executor() + ", partition="
                        + log.partition() + ", bytes=" + submit.payload().length()
                        + "; make room on the disk or dispose of results");
    }
}
