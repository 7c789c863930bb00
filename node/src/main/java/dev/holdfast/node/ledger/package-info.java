/**
 * The pure core: what a command does to a partition's tasks. {@code decide} turns a command into records and a reply,
 * {@code apply} is the only code that changes the ring and runs at commit: live, in replay, on a backup. No thread, clock,
 * file or logger; whoever holds the partition calls it, one thread at a time. {@link dev.holdfast.node.ledger.TaskEntry
 * Entries} are immutable and may be read by any thread.
 */
@NullMarked
package dev.holdfast.node.ledger;

import org.jspecify.annotations.NullMarked;
