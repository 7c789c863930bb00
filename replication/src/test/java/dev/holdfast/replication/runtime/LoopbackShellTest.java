package dev.holdfast.replication.runtime;

import dev.holdfast.replication.transport.LoopbackNetwork;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;

class LoopbackShellTest extends ReplicaShellContract {

    private final LoopbackNetwork network = new LoopbackNetwork();

    @Override
    Transport transport(TransportSettings settings, Surroundings surroundings) {
        return network.start(settings, surroundings);
    }
}
