/**
 * How nodes, clients and the console talk to each other, as a contract: opaque bytes of numbered kinds, sent or asked for, to
 * peers that are named by address and role. Nothing here opens a socket; {@code transport.netty} does.
 *
 * <p>Handlers and listeners are called by the transport's own threads and must not block them; everything that is called on
 * a {@link dev.holdfast.replication.transport.Transport} may be called by any thread and returns at once.
 */
@NullMarked
package dev.holdfast.replication.transport;

import org.jspecify.annotations.NullMarked;
