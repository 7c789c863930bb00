package dev.holdfast.replication.protocol;

/**
 * Something that can not happen while disks and peers keep their word.
 *
 * @param detail names and values, for the operator
 */
public record ProtocolViolation(Kind kind, String detail) {

    public enum Kind {
        /** A run was appended and the log's hash is not the primary's. */
        HASH_DIFFERS,
        /** Two logs have the same record number of the same epoch, and different hashes. */
        HISTORIES_DIFFER,
        /** A primary asks to remove what is known to be committed. */
        TRUNCATION_BELOW_COMMIT,
        /** A primary offers a checkpoint older than what is known to be committed. */
        CHECKPOINT_BELOW_COMMIT,
        /** Two nodes lead under one epoch. */
        TWO_PRIMARIES
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
