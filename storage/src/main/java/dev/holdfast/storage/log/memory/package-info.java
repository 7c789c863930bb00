/**
 * A partition's log in memory, for tests and simulation: the log itself is the real one, with frames, segments,
 * checkpoints and recovery; only what is a file elsewhere is an array here. It can be killed, lose its page cache, be
 * damaged and be opened again.
 *
 * <p>A medium may be used by one thread at a time; a log in it by those that {@link
 * dev.holdfast.storage.log.PartitionLog} allows.
 */
@NullMarked
package dev.holdfast.storage.log.memory;

import org.jspecify.annotations.NullMarked;
