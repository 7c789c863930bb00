package dev.holdfast.replication.runtime;

import dev.holdfast.storage.directory.EpochFile;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogFailedException;
import java.io.IOException;

/** The epoch in the partition's directory. */
public record FileEpochStore(EpochFile file) implements EpochStore {

    @Override
    public Epoch load() {
        try {
            return file.load();
        } catch (IOException e) {
            throw new LogFailedException("Cannot read a partition's epoch: cause=" + e, e);
        }
    }

    @Override
    public void store(Epoch epoch) {
        try {
            file.store(epoch);
        } catch (IOException e) {
            throw new LogFailedException(
                    "Cannot store a partition's epoch: epoch=" + epoch.value() + ", cause=" + e, e);
        }
    }
}
