/**
 * The log of a partition on Chronicle Queue: records as bytes, segments, the guarded reader, recovery, checkpoints; and what
 * a JVM needs for it.
 *
 * <p>A log is written by whoever holds its partition and forced by the storage thread; what any other thread may call says
 * so.
 */
@NullMarked
package dev.holdfast.storage.log.chronicle;

import org.jspecify.annotations.NullMarked;
