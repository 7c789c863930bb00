package dev.holdfast.storage.log;

/** The durable reservation of task sequences: none at or above {@link #reservedEndExclusive} may be issued. */
public interface SequenceLimits {

    /** How many are reserved at a time. */
    int STEP = 65_536;

    long reservedEndExclusive();

    /**
     * Reserves, forced in every mode, up to {@code endExclusive}; less than what is reserved changes nothing. Any
     * thread, one at a time.
     *
     * @throws LogFailedException the reservation could not be forced: no further sequence may be issued
     */
    void reserve(long endExclusive);
}
