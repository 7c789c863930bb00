package dev.holdfast.storage.log;

/** Number of a partition, from 0 to {@value #MAX}: it has to fit the 15 bits of a task id that no sequence uses. */
public record PartitionId(int value) implements Comparable<PartitionId> {

    public static final int MAX = (1 << 15) - 2;

    public PartitionId {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("Not a partition: partition=" + value + ", allowed are 0 to " + MAX);
        }
    }

    @Override
    public int compareTo(PartitionId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
