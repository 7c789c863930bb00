package dev.holdfast.node.assembly;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.node.remote.ClusterReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleClientTest {

    @TempDir
    Path directory;

    @Test
    void aClientOfTheConsoleThatIsNotMadeLeavesNothingBehind() {
        Config config = new Config().setPartitionCount(1);
        config.getStorageConfig().setDirectory(directory);
        try (var node = Holdfast.newInstance(config);
                ServedNode served = new ServedNode(node)) {
            ClientConfig client =
                    new ClientConfig().setMembers(List.of(served.address().toString()));
            ClusterReport.Node unreachable =
                    new ClusterReport.Node("id-b", "b", "no address", true, true, "", 1, true, 0, false, null);
            ClusterReport report =
                    new ClusterReport("dev", "uuid", "id-a", "id-a", 1, 1, List.of(unreachable), List.of(), List.of());
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            assertThatThrownBy(() -> ClientNode.forConsole(client, report))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no address");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread ->
                                    !before.contains(thread) && thread.getName().startsWith("holdfast-call")));
        }
    }
}
