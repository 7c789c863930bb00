package dev.holdfast.node.routing;

import dev.holdfast.StaleTaskIdException;
import dev.holdfast.StaleTaskIdException.Reason;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.TaskId;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The partitions as one executor sees them. Thread-safe. */
public final class Router {

    private final String executor;
    private final List<PartitionAccess> partitions;
    private final TaskCodec codec;
    private final StickyPartition sticky;

    /** @param capacity unfinished tasks of the executor that one partition takes */
    public Router(String executor, List<PartitionAccess> partitions, TaskCodec codec, int capacity) {
        this.executor = executor;
        this.partitions = List.copyOf(partitions);
        this.codec = codec;
        this.sticky = new StickyPartition(executor, this.partitions, capacity, System.nanoTime());
    }

    public List<PartitionAccess> partitions() {
        return partitions;
    }

    /**
     * Where a task goes.
     *
     * @param key its affinity key, or null
     * @param idempotencyKey decides where there is no affinity key: the same one must meet its first task again
     */
    public Route route(@Nullable Object key, @Nullable String idempotencyKey) {
        Object decisive = key == null ? idempotencyKey : key;
        if (decisive == null) {
            return new AnyPartition(sticky.pick(System.nanoTime()));
        }
        int partition =
                KeyPartition.of(codec.encodeKey(decisive), partitions.size()).value();
        return new OnePartition(partitions.get(partition));
    }

    /** The partition of a task, or null if there is none of that number. */
    public @Nullable PartitionAccess find(long taskId) {
        long number = taskId >>> TaskId.SEQUENCE_BITS;
        boolean isId = taskId > 0 && (taskId & TaskId.MAX_SEQUENCE) >= TaskId.FIRST_SEQUENCE;
        return isId && number < partitions.size() ? partitions.get((int) number) : null;
    }

    /**
     * The partition of a task.
     *
     * @throws StaleTaskIdException UNKNOWN, if there is no such partition
     */
    public PartitionAccess partitionOf(long taskId) {
        PartitionAccess partition = find(taskId);
        if (partition == null) {
            throw new StaleTaskIdException(executor, taskId, Reason.UNKNOWN);
        }
        return partition;
    }

    /** Partitions to try, one after the other; used by one submission, one thread at a time. */
    public sealed interface Route {

        /** The next partition, or null if a refusal by those given is final. */
        @Nullable
        PartitionAccess next();

        /** Whether any partition would do. */
        boolean isKeyless();
    }

    private static final class OnePartition implements Route {

        private @Nullable PartitionAccess partition;

        OnePartition(PartitionAccess partition) {
            this.partition = partition;
        }

        @Override
        public @Nullable PartitionAccess next() {
            PartitionAccess next = partition;
            partition = null;
            return next;
        }

        @Override
        public boolean isKeyless() {
            return false;
        }
    }

    private final class AnyPartition implements Route {

        private final int first;
        /** Null until the first was given. */
        private @Nullable BitSet asked;

        AnyPartition(int first) {
            this.first = first;
        }

        /**
         * The first is always asked, so that there is an answer of the ledger; the others only if they seem to have room, those
         * that are led here before the rest.
         */
        @Override
        public @Nullable PartitionAccess next() {
            BitSet before = asked;
            if (before == null) {
                asked = new BitSet(partitions.size());
                asked.set(first);
                return partitions.get(first);
            }
            int index = next(before, true);
            index = index < 0 ? next(before, false) : index;
            if (index < 0) {
                return null;
            }
            before.set(index);
            return partitions.get(index);
        }

        private int next(BitSet before, boolean onlyLocal) {
            for (int i = 1; i < partitions.size(); i++) {
                int index = (first + i) % partitions.size();
                if (!before.get(index) && sticky.hasRoom(index) && (!onlyLocal || sticky.isLocal(index))) {
                    return index;
                }
            }
            return -1;
        }

        @Override
        public boolean isKeyless() {
            return true;
        }
    }
}
