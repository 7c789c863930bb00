package dev.holdfast.node.cluster.membership;

import static dev.holdfast.node.cluster.membership.MemberRig.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.DirectoryStore;
import dev.holdfast.node.assembly.EmbeddedNode;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Origin;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that grows from an embedded node. */
@Timeout(60)
class OriginTest {

    @TempDir
    Path directory;

    private MemberRig rig = new MemberRig(Path.of(""), 0);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void anEmbeddedNodesDataIsWhatTheClusterStartsWith() throws Exception {
        rig = new MemberRig(directory, 2);
        Config embedded = rig.config("b").setPartitionCount(3);
        embedded.getNetworkConfig().setEnabled(false);
        long task;
        try (EmbeddedNode node = EmbeddedNode.start(embedded, DirectoryStore.open(embedded))) {
            task = node.getDurableExecutorService("jobs").submit(() -> "done").getTaskId();
        }
        UUID uuid;
        long session;
        try (NodeStorage storage = NodeStorage.open(embedded)) {
            uuid = storage.identity().clusterUuid();
            session = storage.session();
        }

        rig.startAll("a", "b");
        ClusterMembership a = rig.member("a");
        NodeId origin = rig.member("b").self();
        Founding founding = a.state().founding().orElseThrow();
        assertThat(a.clusterUuid()).isEqualTo(uuid);
        assertThat(founding.origin()).map(Origin::node).contains(origin);
        assertThat(founding.origin()).map(from -> from.highestEpoch().value()).contains(session + 1);
        assertThat(founding.origin().orElseThrow().idCeiling()).isGreaterThan(new TaskId(task).sequence());
        assertThat(a.partitionCount()).as("of the data, not as configured").isEqualTo(3);
        assertThat(rig.member("b").partitionCount()).isEqualTo(3);
        awaitState(a, state -> state.members().size() == 2);
        assertThat(a.state().rows()).hasSize(3).containsKey(new PartitionId(2));
        assertThat(a.state().rows().values())
                .allSatisfy(row -> assertThat(row.inSync()).containsExactly(origin));
    }
}
