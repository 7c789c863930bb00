/**
 * A partition's log over numbered segments and checkpoints, wherever those are kept: appending, rolling, forcing,
 * recovery, and the index of the bodies that stay in the log. {@link dev.holdfast.storage.log.segment.SegmentedLog} is the
 * log; {@link dev.holdfast.storage.log.segment.PartitionStore} is what it stands on, in files or in memory.
 *
 * <p>Appends belong to whoever holds the partition, checkpoints to the storage thread; forces may come from both.
 */
@NullMarked
package dev.holdfast.storage.log.segment;

import org.jspecify.annotations.NullMarked;
