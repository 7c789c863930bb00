package dev.holdfast.node.partition;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import java.util.List;

/**
 * Decided together and appended in one run: applied and answered when {@code end} is committed.
 *
 * @param records as the log keeps them
 * @param end of the log behind them; of a batch without records, behind everything decided before
 */
record PendingBatch(List<Item> items, List<LogRecord.Replicated> records, LogEnd end) {}
