/**
 * Measures Holdfast against what it stands on and against its model. {@link dev.holdfast.bench.Bench} starts each contender
 * in a JVM of its own, one after the other, on its one thread, and owns the table.
 */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
