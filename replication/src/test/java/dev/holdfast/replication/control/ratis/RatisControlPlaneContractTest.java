package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.ControlPlaneContract;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

class RatisControlPlaneContractTest extends ControlPlaneContract {

    @TempDir
    Path directory;

    private @Nullable RatisCluster cluster;

    @Override
    protected List<ControlPlane> open() throws Exception {
        RatisCluster started = new RatisCluster(directory);
        cluster = started;
        started.start(3);
        return List.copyOf(started.running.values());
    }

    @Override
    protected void cleanUp() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }
}
