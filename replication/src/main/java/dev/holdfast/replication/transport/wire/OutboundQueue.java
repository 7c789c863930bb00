package dev.holdfast.replication.transport.wire;

import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.MessageKind.WhenFull;
import dev.holdfast.replication.transport.SendResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one peer: a bounded queue per line of kinds, emptied in turns, so that none starves another. Closed until it is
 * opened: what is offered meanwhile is dropped. Any thread; the lock is held for a few instructions only.
 *
 * @param <T> what waits
 */
public final class OutboundQueue<T> {

    /** What a kind may give at its turn; large enough that a burst of small messages goes out as one write. */
    private static final int BYTES_PER_TURN = 64 * 1024;

    private final ToIntFunction<T> sizeBytes;
    private final Consumer<T> discard;
    private final @Nullable Lane<T>[] laneOfLine;
    private final List<Lane<T>> lanes = new ArrayList<>();
    private final List<MessageKind> relieved = new ArrayList<>();
    private boolean open;
    private int turn;
    private int leftOfTurnBytes = BYTES_PER_TURN;

    /**
     * @param sizeBytes of one
     * @param discard told, outside the lock, of everything that was taken in and will not be polled
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public OutboundQueue(ToIntFunction<T> sizeBytes, Consumer<T> discard) {
        this.sizeBytes = sizeBytes;
        this.discard = discard;
        this.laneOfLine = new Lane[MessageKind.MAX_CODE + 1];
    }

    private static final class Lane<T> {
        final MessageKind kind;
        final ArrayDeque<T> waiting = new ArrayDeque<>();
        long bytes;
        /** Of whom something was refused since it was half empty. */
        final Set<MessageKind> refused = new LinkedHashSet<>();

        Lane(MessageKind kind) {
            this.kind = kind;
        }

        boolean takes(int more) {
            return waiting.isEmpty() || (waiting.size() < kind.maxQueued() && bytes + more <= kind.maxQueuedBytes());
        }

        boolean isHalfEmpty() {
            return waiting.size() <= kind.maxQueued() / 2 && bytes <= kind.maxQueuedBytes() / 2;
        }
    }

    /** Whether {@link #offer} would take it now; a glance that spares encoding what is refused anyway. */
    public synchronized SendResult glance(MessageKind kind, int bytes) {
        if (!open) {
            return SendResult.NOT_CONNECTED;
        }
        Lane<T> lane = lane(kind);
        if (kind.whenFull() == WhenFull.REFUSE && !lane.takes(bytes)) {
            lane.refused.add(kind);
            return SendResult.FULL;
        }
        return SendResult.QUEUED;
    }

    /** Takes {@code item} in, or says why not; then it stays the caller's. */
    public SendResult offer(MessageKind kind, T item) {
        List<T> dropped = List.of();
        synchronized (this) {
            if (!open) {
                return SendResult.NOT_CONNECTED;
            }
            Lane<T> lane = lane(kind);
            int bytes = sizeBytes.applyAsInt(item);
            if (!lane.takes(bytes)) {
                if (kind.whenFull() == WhenFull.REFUSE) {
                    lane.refused.add(kind);
                    return SendResult.FULL;
                }
                dropped = makeRoom(lane, bytes);
            }
            lane.waiting.add(item);
            lane.bytes += bytes;
        }
        dropped.forEach(discard);
        return dropped.isEmpty() ? SendResult.QUEUED : SendResult.QUEUED_DROPPING_OLDER;
    }

    private List<T> makeRoom(Lane<T> lane, int bytes) {
        List<T> dropped = new ArrayList<>();
        while (!lane.takes(bytes)) {
            T oldest = lane.waiting.remove();
            lane.bytes -= sizeBytes.applyAsInt(oldest);
            dropped.add(oldest);
        }
        return dropped;
    }

    private Lane<T> lane(MessageKind kind) {
        Lane<T> lane = laneOfLine[kind.line()];
        if (lane == null) {
            lane = new Lane<>(kind);
            laneOfLine[kind.line()] = lane;
            lanes.add(lane);
        }
        return lane;
    }

    /** The next one; null if nothing waits. */
    public synchronized @Nullable T poll() {
        for (int i = 0; i <= lanes.size() && !lanes.isEmpty(); i++) {
            Lane<T> lane = lanes.get(turn);
            T item = leftOfTurnBytes > 0 ? lane.waiting.poll() : null;
            if (item != null) {
                int bytes = sizeBytes.applyAsInt(item);
                lane.bytes -= bytes;
                leftOfTurnBytes -= bytes;
                if (!lane.refused.isEmpty() && lane.isHalfEmpty()) {
                    relieved.addAll(lane.refused);
                    lane.refused.clear();
                }
                return item;
            }
            turn = (turn + 1) % lanes.size();
            leftOfTurnBytes = BYTES_PER_TURN;
        }
        return null;
    }

    /** The kinds that had refused something and have room again; each is told once. */
    public synchronized List<MessageKind> takeRelieved() {
        if (relieved.isEmpty()) {
            return List.of();
        }
        List<MessageKind> kinds = List.copyOf(relieved);
        relieved.clear();
        return kinds;
    }

    /** Takes things in from now on. */
    public synchronized void open() {
        open = true;
    }

    /** Discards what waits, and takes nothing in until it is opened. */
    public void close() {
        List<T> left = new ArrayList<>();
        synchronized (this) {
            open = false;
            relieved.clear();
            for (Lane<T> lane : lanes) {
                left.addAll(lane.waiting);
                lane.waiting.clear();
                lane.bytes = 0;
                lane.refused.clear();
            }
        }
        left.forEach(discard);
    }
}
