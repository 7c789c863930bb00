/**
 * Checkpoints: a ring as it was at one position of its log, in a file of its own, with count and running hash. Written,
 * forced and read back by the storage thread before anything that it replaces is deleted.
 */
@NullMarked
package dev.holdfast.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
