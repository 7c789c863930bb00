package dev.holdfast.replication.runtime;

import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** As a cluster runs it: records, signs of life and consensus over one port. */
class NettyRatisShellTest extends ReplicaShellContract {

    @TempDir
    Path directory;

    @Override
    Controls controls() {
        return new RatisControls(ShellCluster.CLUSTER, directory);
    }

    @Override
    Transport transport(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }
}
