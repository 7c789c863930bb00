package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;

/** Where the records of one epoch end in one log. */
public record EpochEnd(LogEnd end) {

    public Epoch epoch() {
        return end.epoch();
    }
}
