package dev.holdfast.replication.runtime;

import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.ControlTransportContract;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Over sockets, as a node runs it. */
class ControlOverTransportTest extends ControlTransportContract {

    private final Map<NodeId, Transport> transports = new TreeMap<>();
    private final Map<NodeId, ControlOverTransport> controls = new TreeMap<>();

    @Override
    protected ControlTransport of(NodeId node) {
        ControlOverTransport known = controls.get(node);
        if (known != null) {
            return known;
        }
        Inbound inbound = new Inbound();
        Identity identity = new Identity(Optional.of(new UUID(1, 2)), Role.PEER, node, 1, node.diskId());
        Transport transport = NettyTransport.start(
                TransportSettings.defaults().listeningOn(new PeerAddress("127.0.0.1", 0)),
                Surroundings.of(() -> identity, inbound, ConnectionListener.NONE));
        ControlOverTransport control = new ControlOverTransport(transport, inbound);
        transports.put(node, transport);
        controls.put(node, control);
        controls.values()
                .forEach(each -> transports.forEach((other, listening) -> {
                    PeerAddress address = listening.address().orElseThrow();
                    each.learn(other, List.of(new NodeAddress(address.host(), address.port())));
                }));
        return control;
    }

    @Override
    protected void close() {
        transports.values().forEach(Transport::close);
    }
}
