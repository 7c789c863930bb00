/**
 * The bytes on the wire, drawn in {@code docs/wire-protocol.md}, the rules of the handshake, and what any transport needs to
 * keep within its limits: bounded queues, requests with deadlines, the newest session of each node. No thread, socket or
 * clock: whoever calls says what time it is.
 */
@NullMarked
package dev.holdfast.replication.transport.wire;

import org.jspecify.annotations.NullMarked;
