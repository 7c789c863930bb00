package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.transport.netty.NettyTransport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As a cluster runs it: records, signs of life and consensus over one port. One test, for a start takes seconds. */
class NettyRatisShellTest {

    @TempDir
    Path directory;

    @Test
    void recordsSurviveAHandOverAndAKilledPrimaryOverOnePort() {
        try (ShellCluster cluster = new ShellCluster(
                NettyTransport::start, new RatisControls(ShellCluster.CLUSTER, directory), "a", "b", "c")) {
            List<String> names = new ArrayList<>(cluster.submit(20));
            ShellNode first = cluster.awaitPrimary();
            ShellNode target = cluster.others(first).get(0);
            first.shell().handOver(target.id, HandOverKind.BALANCE);
            ShellCluster.await().until(() -> target.serving() != null);
            names.addAll(cluster.submit(20));
            cluster.kill(target);
            assertThat(cluster.awaitPrimary().id).isNotEqualTo(target.id);
            names.addAll(cluster.submit(20));
            cluster.restart(target);
            cluster.awaitEqual(names);
        }
    }
}
