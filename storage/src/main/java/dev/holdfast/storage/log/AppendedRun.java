package dev.holdfast.storage.log;

import java.util.List;

/**
 * What one append put into a log.
 *
 * @param kept the records as the log keeps them, see {@link PartitionLog#append}
 * @param run the same as bytes, for the other replicas
 */
public record AppendedRun(List<LogRecord.Replicated> kept, ReplicatedRun run) {}
