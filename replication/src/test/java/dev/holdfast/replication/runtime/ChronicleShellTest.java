package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.replication.transport.LoopbackNetwork;
import dev.holdfast.storage.log.Lsn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shells over files, with their epochs in files, where appends are forced. Every restart is one after a lost page cache. */
class ChronicleShellTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = SyncPolicy.class,
            names = {"ALWAYS", "INTERVAL"})
    void aKilledPrimaryIsReplacedTruncatesAndCatchesUp(SyncPolicy sync) {
        LoopbackNetwork network = new LoopbackNetwork();
        try (ShellCluster cluster = new ShellCluster(
                network::start,
                Controls.local(),
                name -> ShellDisk.files(directory.resolve(name), sync),
                "a",
                "b",
                "c")) {
            List<String> names = new ArrayList<>(cluster.submit(20));
            ShellNode killed = cluster.awaitPrimary();
            checkForced(cluster, sync);
            cluster.mute(killed);
            ReplicatedGroup group = killed.serving();
            assertThat(group).isNotNull();
            group.append(List.of(ShellCluster.task(999)));
            cluster.kill(killed);
            cluster.awaitPrimary();
            names.addAll(cluster.submit(20));
            cluster.restart(killed);
            cluster.awaitEqual(names);
            assertThat(killed.startedSuspect()).isEqualTo(sync == SyncPolicy.INTERVAL);
            ShellCluster.await().until(() -> !killed.log().isSuspect());
            ShellNode next = cluster.awaitPrimary();
            cluster.kill(next);
            cluster.awaitPrimary();
            cluster.restart(next);
            names.addAll(cluster.submit(10));
            cluster.awaitEqual(names);
            checkForced(cluster, sync);
        }
    }

    private static void checkForced(ShellCluster cluster, SyncPolicy sync) {
        Lsn committed = cluster.awaitPrimary().shell().committed();
        for (ShellNode node : cluster.nodes) {
            if (sync == SyncPolicy.ALWAYS && cluster.row().inSync().contains(node.id)) {
                assertThat(node.log().forcedEnd().lsn()).as("%s", node.id).isGreaterThanOrEqualTo(committed);
            }
            ShellCluster.await().until(() -> node.log().forcedEnd().lsn().compareTo(committed) >= 0);
        }
    }
}
