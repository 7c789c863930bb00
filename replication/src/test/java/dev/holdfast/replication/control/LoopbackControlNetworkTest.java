package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;

class LoopbackControlNetworkTest extends ControlTransportContract {

    private final LoopbackControlNetwork network = new LoopbackControlNetwork();

    @Override
    protected ControlTransport of(NodeId node) {
        return network.of(node);
    }

    @Override
    protected void close() throws Exception {
        network.close();
    }
}
