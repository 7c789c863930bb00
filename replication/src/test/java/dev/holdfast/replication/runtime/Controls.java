package dev.holdfast.replication.runtime;

import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.LocalControlPlane;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.PeerAddress;
import java.util.Map;

/** How the nodes of a test agree. */
interface Controls extends AutoCloseable {

    /** Before the first start: where the first nodes listen. */
    void found(Map<NodeId, PeerAddress> founders);

    /** The control plane of a process. */
    ControlPlane start(NodeId node, ControlOverTransport transport);

    /** The process ends. */
    void stop(NodeId node);

    /** One of those that run. */
    ControlPlane any();

    @Override
    void close();

    /** One for all nodes, which outlives them. */
    static Controls local() {
        LocalControlPlane shared = new LocalControlPlane();
        return new Controls() {
            @Override
            public void found(Map<NodeId, PeerAddress> founders) {}

            @Override
            public ControlPlane start(NodeId node, ControlOverTransport transport) {
                return shared;
            }

            @Override
            public void stop(NodeId node) {}

            @Override
            public ControlPlane any() {
                return shared;
            }

            @Override
            public void close() {
                shared.close();
            }
        };
    }
}
