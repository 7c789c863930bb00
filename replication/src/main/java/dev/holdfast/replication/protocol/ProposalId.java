package dev.holdfast.replication.protocol;

/** Counts the proposals of one replica in one session; a repetition of the same compare-and-set keeps its number. */
public record ProposalId(long value) {

    ProposalId next() {
        return new ProposalId(value + 1);
    }
}
