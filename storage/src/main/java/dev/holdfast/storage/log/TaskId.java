package dev.holdfast.storage.log;

/**
 * A task's id: its partition in the high 15 bits (below the sign), its sequence in the 48 bits below. Sequences start at
 * {@value #FIRST_SEQUENCE} and grow within a partition, over all executors; none is issued twice.
 */
public record TaskId(long value) {

    public static final int SEQUENCE_BITS = 48;
    public static final long MAX_SEQUENCE = (1L << SEQUENCE_BITS) - 1;
    public static final long FIRST_SEQUENCE = 1;

    public TaskId {
        if (value <= 0) {
            throw new IllegalArgumentException("Not a task id: taskId=" + value + ", ids are positive");
        }
    }

    public static TaskId of(PartitionId partition, long sequence) {
        if (sequence < FIRST_SEQUENCE || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException(
                    "Not a sequence: sequence=" + sequence + ", allowed are 1 to " + MAX_SEQUENCE);
        }
        return new TaskId(((long) partition.value() << SEQUENCE_BITS) | sequence);
    }

    public PartitionId partition() {
        return new PartitionId((int) (value >>> SEQUENCE_BITS));
    }

    public long sequence() {
        return value & MAX_SEQUENCE;
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
