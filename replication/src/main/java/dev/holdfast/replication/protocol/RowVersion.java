package dev.holdfast.replication.protocol;

/** Counts the changes of a {@link PartitionRow}, from 0; what a compare-and-set names. */
public record RowVersion(long value) implements Comparable<RowVersion> {

    public RowVersion {
        if (value < 0) {
            throw new IllegalArgumentException("Not a version: version=" + value);
        }
    }

    public RowVersion next() {
        return new RowVersion(value + 1);
    }

    @Override
    public int compareTo(RowVersion other) {
        return Long.compare(value, other.value);
    }
}
