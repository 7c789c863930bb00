package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.Call;
import dev.holdfast.storage.log.SnapshotItem.Caused;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of remote callers have caused a record. A function of the records alone, so that replay gives the same; what a
 * caller has its answer to is forgotten with its next record, and so is a caller that has been silent for long.
 *
 * <p>Time never goes back here, as in {@link IdempotencyTable}: a clock that was set back makes a caller be remembered for
 * longer, never shorter. Belongs to whoever holds the partition.
 */
final class RequestTable {

    private static final Caused[] CAUSED = Caused.values();

    private final RequestLimits limits;

    /** In the order of their last records, oldest first; so are their times. */
    private final Map<UUID, CallerCalls> callers;

    /** Time of the last of {@link #callers}. */
    private long lastAtMillis = Long.MIN_VALUE;

    private int size;
    private long changes;

    RequestTable(RequestLimits limits) {
        this.limits = limits;
        this.callers = new LinkedHashMap<>();
    }

    /** A copy of its own. */
    RequestTable(RequestTable other) {
        limits = other.limits;
        callers = new LinkedHashMap<>(other.callers.size());
        other.callers.forEach((id, calls) -> callers.put(id, new CallerCalls(calls)));
        lastAtMillis = other.lastAtMillis;
        size = other.size;
        changes = other.changes;
    }

    /** Takes in every record, also those that no call caused: their time passes. */
    void apply(LogRecord.Replicated record) {
        changes++;
        RequestId request = record.request();
        if (!callers.isEmpty()) {
            forgetSilent(record.atMillis());
        }
        if (request != null) {
            note(request, record);
        }
    }

    private void forgetSilent(long nowMillis) {
        Iterator<CallerCalls> each = callers.values().iterator();
        while (each.hasNext()) {
            CallerCalls oldest = each.next();
            if (nowMillis - oldest.atMillis() < limits.silentMillis()) {
                return;
            }
            size -= oldest.size();
            each.remove();
        }
        lastAtMillis = Long.MIN_VALUE;
    }

    private void note(RequestId request, LogRecord.Replicated record) {
        CallerCalls caller = callers.remove(request.caller());
        if (caller == null) {
            makeRoom();
            caller = new CallerCalls();
        }
        lastAtMillis = Math.max(lastAtMillis, record.atMillis());
        callers.put(request.caller(), caller);
        size -= caller.size();
        caller.answeredBelow(request.lowestUnanswered(), lastAtMillis);
        caller.add(request.number(), pack(caused(record), ((LogRecord.OfTask) record).sequence()));
        size += caller.size();
    }

    private void makeRoom() {
        if (callers.size() >= limits.callers()) {
            Iterator<CallerCalls> oldest = callers.values().iterator();
            size -= oldest.next().size();
            oldest.remove();
        }
    }

    private static Caused caused(LogRecord.Replicated record) {
        if (record instanceof LogRecord.Submitted) {
            return Caused.SUBMITTED;
        }
        if (record instanceof LogRecord.Cancelled) {
            return Caused.CANCELLED;
        }
        if (record instanceof LogRecord.Disposed) {
            return Caused.DISPOSED;
        }
        if (record instanceof LogRecord.Discarded) {
            return Caused.DISCARDED;
        }
        if (record instanceof LogRecord.Retried) {
            return Caused.RETRIED;
        }
        throw new IllegalStateException("A record that no call causes has a request: record=" + record.getClass());
    }

    private static long pack(Caused caused, long sequence) {
        return CallerCalls.pack(caused.ordinal(), sequence);
    }

    private static Call unpack(long number, long packed) {
        return new Call(number, CAUSED[CallerCalls.kind(packed)], CallerCalls.sequence(packed));
    }

    /** What the call caused, or null: it caused nothing, or it is forgotten. */
    @Nullable
    Call find(RequestId request) {
        CallerCalls caller = callers.get(request.caller());
        long packed = caller == null ? CallerCalls.NONE : caller.find(request.number());
        return packed == CallerCalls.NONE ? null : unpack(request.number(), packed);
    }

    /** Whether the caller has said that it waits for this call no more. */
    boolean isOver(RequestId request) {
        CallerCalls caller = callers.get(request.caller());
        return caller != null && request.number() < caller.lowestUnanswered();
    }

    /** Whether a record of this call would be one too many, once what the call says to be answered is forgotten. */
    boolean isFull(RequestId request) {
        CallerCalls caller = callers.get(request.caller());
        int ofCaller = caller == null ? 0 : caller.size();
        if (ofCaller < limits.perCaller() && size < limits.total()) {
            return false;
        }
        int stays = caller == null ? 0 : caller.sizeFrom(request.lowestUnanswered());
        return stays >= limits.perCaller() || size - ofCaller + stays >= limits.total();
    }

    RequestLimits limits() {
        return limits;
    }

    /** Grows with every change: two tables that were equal and have the same number are equal. */
    long changes() {
        return changes;
    }

    void install(SnapshotItem.Caller item) {
        changes++;
        CallerCalls caller = new CallerCalls();
        caller.answeredBelow(item.lowestUnanswered(), item.atMillis());
        item.calls().forEach(call -> caller.add(call.number(), pack(call.caused(), call.sequence())));
        callers.put(item.caller(), caller);
        lastAtMillis = item.atMillis();
        size += caller.size();
    }

    /** Copied at once, made into items as the stream is read. */
    Stream<SnapshotItem> snapshot() {
        List<Copied> copies = new ArrayList<>(callers.size());
        callers.forEach((id, calls) -> copies.add(
                new Copied(id, calls.lowestUnanswered(), calls.atMillis(), calls.numbers(), calls.packed())));
        return copies.stream().map(Copied::toItem);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Copied(UUID caller, long lowestUnanswered, long atMillis, long[] numbers, long[] packed) {

        SnapshotItem toItem() {
            List<Call> calls = new ArrayList<>(numbers.length);
            for (int i = 0; i < numbers.length; i++) {
                calls.add(unpack(numbers[i], packed[i]));
            }
            calls.sort((a, b) -> Long.compare(a.number(), b.number()));
            return new SnapshotItem.Caller(caller, lowestUnanswered, atMillis, calls);
        }
    }
}
