package dev.holdfast.node.routing;

import dev.holdfast.node.partition.PartitionAccess;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where tasks without a key go: to one partition while it has room, so that one append run and one force serve many. It
 * changes when the partition is half full, and every 10 ms while another has less to do. Partitions that this node leads come
 * before others while they have room; a change of that is seen within 10 ms. Choices race; a stale one costs nothing but an
 * uneven load. Thread-safe.
 */
final class StickyPartition {

    static final long CHANGE_NANOS = 10_000_000;

    private static final int TIER_SHIFT = 32;
    private static final long LED_HERE = 0;
    private static final long LED_ELSEWHERE = 1L << TIER_SHIFT;
    private static final long WITHOUT_ROOM = 2L << TIER_SHIFT;

    private final String executor;
    private final List<PartitionAccess> partitions;
    private final int capacity;
    private final AtomicLong changeAtNanos;
    private volatile int current;

    StickyPartition(String executor, List<PartitionAccess> partitions, int capacity, long nowNanos) {
        this.executor = executor;
        this.partitions = partitions;
        this.capacity = capacity;
        this.current = Math.floorMod(executor.hashCode(), partitions.size());
        this.changeAtNanos = new AtomicLong(nowNanos + CHANGE_NANOS);
    }

    /** Index of the partition to try first. */
    int pick(long nowNanos) {
        int index = current;
        int here = load(index);
        if (here >= Math.max(capacity / 2, 1)) {
            return change(index, here, nowNanos);
        }
        long changeAt = changeAtNanos.get();
        boolean best = here == 0 && isLocal(index);
        if (nowNanos - changeAt < 0 || best || !changeAtNanos.compareAndSet(changeAt, nowNanos + CHANGE_NANOS)) {
            return index;
        }
        return change(index, here, nowNanos);
    }

    /** Whether the partition at {@code index} has room, as far as can be told without asking it. */
    boolean hasRoom(int index) {
        return load(index) < capacity;
    }

    boolean isLocal(int index) {
        return partitions.get(index).isLocal();
    }

    /**
     * To the partition with the least to do, of those that are led here if one of them has room. A half full one is left for
     * one that is not, a full one for any other.
     */
    private int change(int from, int load, long nowNanos) {
        int best = from;
        long least = tier(from, load) + (load < capacity ? Math.min(load, Math.max(capacity / 2, 1)) : load);
        for (int i = 1; i < partitions.size() && least > 0; i++) {
            int candidate = (from + i) % partitions.size();
            int loadThere = load(candidate);
            long there = tier(candidate, loadThere) + loadThere;
            if (there < least) {
                best = candidate;
                least = there;
            }
        }
        current = best;
        changeAtNanos.set(nowNanos + CHANGE_NANOS);
        return best;
    }

    private long tier(int index, int load) {
        if (load >= capacity) {
            return WITHOUT_ROOM;
        }
        return isLocal(index) ? LED_HERE : LED_ELSEWHERE;
    }

    private int load(int index) {
        PartitionAccess partition = partitions.get(index);
        return partition.problem() == null ? partition.unfinished(executor) : Integer.MAX_VALUE;
    }
}
