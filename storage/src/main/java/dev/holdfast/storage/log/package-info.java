/**
 * The contract of a partition's log and the values it is made of: positions, records, snapshot items, damage.
 *
 * <p>Nothing here does I/O except through {@link dev.holdfast.storage.log.PartitionLog}. One thread at a time, the one
 * that holds the partition, appends; who may call each other method stands at the method.
 */
@NullMarked
package dev.holdfast.storage.log;

import org.jspecify.annotations.NullMarked;
