package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportContract;
import dev.holdfast.replication.transport.TransportSettings;
import org.junit.jupiter.api.extension.ExtendWith;

/** As on systems without epoll. */
@ExtendWith(LeakCheck.class)
class NettyTransportWithNioTest extends TransportContract {

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings.withNativeIo(false), surroundings);
    }
}
