package dev.holdfast.replication.transport;

import dev.holdfast.replication.protocol.NodeId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Transports within one process that keep the contract without a socket, and a network between them that can be cut. Any
 * thread.
 */
public final class LoopbackNetwork {

    private static final int FIRST_PORT = 40_000;

    private final Map<PeerAddress, LoopbackTransport> listening = new ConcurrentHashMap<>();
    private final Set<Way> cuts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lastPort = new AtomicInteger(FIRST_PORT);

    private record Way(NodeId from, NodeId to) {}

    /**
     * A transport in this network.
     *
     * @throws IllegalStateException if somebody listens at the address
     */
    public Transport start(TransportSettings settings, Surroundings surroundings) {
        Optional<PeerAddress> address = settings.listen()
                .map(wanted ->
                        wanted.port() != 0 ? wanted : new PeerAddress(wanted.host(), lastPort.incrementAndGet()));
        LoopbackTransport transport = new LoopbackTransport(this, settings, surroundings, address);
        address.ifPresent(where -> {
            if (listening.putIfAbsent(where, transport) != null) {
                transport.close();
                throw new IllegalStateException("Can not listen: address=" + where + ", somebody does");
            }
        });
        return transport;
    }

    /** From here on nothing that {@code from} says reaches {@code to}; connections stay. The other way is not touched. */
    public void cut(NodeId from, NodeId to) {
        cuts.add(new Way(from, to));
    }

    /** Ends all cuts; what was said meanwhile is lost. */
    public void heal() {
        cuts.clear();
    }

    boolean isCut(NodeId from, NodeId to) {
        return cuts.contains(new Way(from, to));
    }

    Optional<LoopbackTransport> at(PeerAddress address) {
        return Optional.ofNullable(listening.get(address));
    }

    void stopListening(PeerAddress address, LoopbackTransport who) {
        listening.remove(address, who);
    }
}
