/**
 * From a node's logs to partitions that serve, at start. Owned by the thread that starts the node and its two helpers; user
 * code does not run here.
 */
@NullMarked
package dev.holdfast.node.recovery;

import org.jspecify.annotations.NullMarked;
