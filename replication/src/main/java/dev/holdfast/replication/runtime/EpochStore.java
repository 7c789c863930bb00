package dev.holdfast.replication.runtime;

import dev.holdfast.storage.log.Epoch;

/** Where a partition's highest epoch is noted: before anything is acknowledged under it (R3). Under the shell's lock. */
public interface EpochStore {

    /** What was stored last; {@link Epoch#NONE} if nothing was. */
    Epoch load();

    /**
     * Returns when {@code epoch} is on the medium.
     *
     * @throws dev.holdfast.storage.log.LogFailedException it can not be written
     */
    void store(Epoch epoch);
}
