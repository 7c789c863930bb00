package dev.holdfast.storage.log;

import java.util.Optional;

/**
 * A log that was opened and replayed.
 *
 * @param log ready for appends under a new epoch
 * @param sequences the reservation of task sequences that goes with it
 * @param nextSequence where issuing goes on: above everything that may ever have been issued
 * @param lost sequences that may have been issued and are gone (power loss, damage): to be logged as
 *     {@link LogRecord.SequencesLost} with the first batch
 * @param crashed whether the process before this one did not close the node
 * @param setAside what was set aside at the end of the log, for the operator's log line; empty if nothing was
 * @param recordsReplayed records and snapshot items handed to the {@link ReplayHandler}
 */
public record RecoveredLog(
        PartitionLog log,
        SequenceLimits sequences,
        long nextSequence,
        Optional<SequenceRange> lost,
        boolean crashed,
        Optional<String> setAside,
        long recordsReplayed) {

    /**
     * The log as replicas use it.
     *
     * @throws IllegalStateException it is one that can not be replicated
     */
    public ReplicatedLog replicated() {
        if (log instanceof ReplicatedLog replicated) {
            return replicated;
        }
        throw new IllegalStateException("Not a log that can be replicated: " + log.getClass());
    }
}
