package dev.holdfast.replication.runtime;

import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;

class NettyShellTest extends ReplicaShellContract {

    @Override
    Transport transport(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }
}
