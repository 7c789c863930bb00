/**
 * The threads that dependents of futures run on. Application code runs here and nowhere near a partition or the network; the
 * pool owns its threads, everything else is thread-safe.
 */
@NullMarked
package dev.holdfast.node.callback;

import org.jspecify.annotations.NullMarked;
