/**
 * Measures Holdfast against what it stands on. {@link dev.holdfast.bench.Bench} starts each contender in a JVM of its own
 * and owns the table; in such a JVM {@link dev.holdfast.bench.Round} owns the submitting threads.
 */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
