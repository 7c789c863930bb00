/**
 * Runs tasks: a pool per executor name, the attempt on a worker's thread, what comes of it, who may run beside whom. User
 * code runs here and on callers' threads only. The pools own their workers; everything else is thread-safe.
 */
@NullMarked
package dev.holdfast.node.execution;

import org.jspecify.annotations.NullMarked;
