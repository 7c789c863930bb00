package dev.holdfast.node.recovery;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SequenceRange;
import java.util.List;
import java.util.Optional;

/**
 * What the start found in one partition.
 *
 * @param records replayed, snapshot items included
 * @param results that are served again
 * @param unfinished tasks that run again
 * @param parked tasks whose class was missing or changed
 * @param quarantined ids of tasks that need a decision
 * @param lost sequences that may have been issued and are gone
 * @param setAside what was set aside at the end of the log
 * @param problem why it refuses, if it does
 */
public record PartitionReport(
        PartitionId id,
        long records,
        long results,
        long unfinished,
        long parked,
        List<Long> quarantined,
        Optional<SequenceRange> lost,
        Optional<String> setAside,
        Optional<String> problem) {

    static PartitionReport refused(PartitionId id, String problem) {
        return new PartitionReport(id, 0, 0, 0, 0, List.of(), Optional.empty(), Optional.empty(), Optional.of(problem));
    }
}
