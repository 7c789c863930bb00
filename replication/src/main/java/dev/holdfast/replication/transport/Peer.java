package dev.holdfast.replication.transport;

import dev.holdfast.replication.protocol.NodeId;
import java.util.Optional;

/**
 * Whom to send to. Equal peers share one connection.
 *
 * @param address where it listens
 * @param role as what we connect
 * @param expected who has to answer there; empty: whoever does. Another node's answer is refused, so that what was meant for
 *     a disk never reaches the one that replaced it.
 */
public record Peer(PeerAddress address, Role role, Optional<NodeId> expected) {

    /** Whoever answers at {@code address}. */
    public static Peer at(PeerAddress address, Role role) {
        return new Peer(address, role, Optional.empty());
    }

    /** Only {@code node}, at {@code address}. */
    public static Peer of(NodeId node, PeerAddress address, Role role) {
        return new Peer(address, role, Optional.of(node));
    }

    @Override
    public String toString() {
        return role + "@" + address + expected.map(node -> "/" + node).orElse("");
    }
}
