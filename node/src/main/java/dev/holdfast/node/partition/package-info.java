/**
 * A partition at work: the inbox, the try-lock that makes one thread at a time its writer, batches through ledger, log and
 * replicas, waiters. A thread that holds a partition runs no user code and waits for no other partition.
 */
@NullMarked
package dev.holdfast.node.partition;

import org.jspecify.annotations.NullMarked;
