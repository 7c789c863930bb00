/**
 * Turns tasks, results, failures and keys into bytes and back. Runs user code, so it is called on the submitter's thread or
 * the pool, never under a partition's lock. Thread-safe.
 */
@NullMarked
package dev.holdfast.node.codec;

import org.jspecify.annotations.NullMarked;
