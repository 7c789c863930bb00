/**
 * Looks at a node from outside, and acts on it. To look: {@link dev.holdfast.node.admin.TaskView}, on the logs of a stopped
 * node ({@link dev.holdfast.node.admin.OfflineView} replays them into the node's own ledger, and changes nothing) or by asking
 * a running one ({@link dev.holdfast.node.admin.AdminClient}, through its {@link dev.holdfast.node.admin.AdminSocket}). To act:
 * {@link dev.holdfast.node.admin.NodeControl}, through the same socket, or by a visit to a stopped node's directory, which
 * the room that assembles nodes opens. Whatever is done is an ordinary call of an executor. Views and controls are used by
 * one thread, the caller's; each connection of the socket has a daemon thread of its own.
 */
@NullMarked
package dev.holdfast.node.admin;

import org.jspecify.annotations.NullMarked;
