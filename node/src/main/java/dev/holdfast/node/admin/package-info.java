/**
 * Looks at a node from outside, and changes nothing. {@link dev.holdfast.node.admin.OfflineView} replays the logs of a node
 * that is stopped or was killed, into the same ledger that the node uses; {@link dev.holdfast.node.admin.AdminClient} asks a
 * running one through its {@link dev.holdfast.node.admin.AdminSocket}. Both views are used by one thread, the caller's; the
 * socket is served by a daemon thread of its own, which reads what is committed and holds no partition.
 */
@NullMarked
package dev.holdfast.node.admin;

import org.jspecify.annotations.NullMarked;
