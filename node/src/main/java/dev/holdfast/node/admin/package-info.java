/**
 * Looks at a node from outside. {@link dev.holdfast.node.admin.OfflineView} replays the logs of a node that is stopped or
 * was killed, into the same ledger that the node uses, and changes nothing. One thread, the caller's.
 */
@NullMarked
package dev.holdfast.node.admin;

import org.jspecify.annotations.NullMarked;
