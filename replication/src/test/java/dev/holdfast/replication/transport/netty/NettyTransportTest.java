package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportContract;
import dev.holdfast.replication.transport.TransportSettings;
import org.junit.jupiter.api.extension.ExtendWith;

/** With what the system has: epoll on Linux. */
@ExtendWith(LeakCheck.class)
class NettyTransportTest extends TransportContract {

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }
}
