package dev.holdfast.storage.log;

/** Task sequences from {@code first} up to but not including {@code endExclusive}. */
public record SequenceRange(long first, long endExclusive) {

    public SequenceRange {
        if (first < TaskId.FIRST_SEQUENCE || endExclusive < first) {
            throw new IllegalArgumentException(
                    "Not a range of sequences: first=" + first + ", endExclusive=" + endExclusive);
        }
    }

    public boolean contains(long sequence) {
        return sequence >= first && sequence < endExclusive;
    }
}
