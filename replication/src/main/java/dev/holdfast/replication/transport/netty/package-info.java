/**
 * The transport on Netty: one listening port, one connection per peer that is connected to, a few threads {@code
 * holdfast-net-N} that own all connections. A connection's state belongs to its thread; what senders touch is the bounded
 * queue in front of it. No thread here reads or writes a disk, but for the certificates at the start.
 */
@NullMarked
package dev.holdfast.replication.transport.netty;

import org.jspecify.annotations.NullMarked;
