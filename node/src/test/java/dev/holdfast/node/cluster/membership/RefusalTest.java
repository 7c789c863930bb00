package dev.holdfast.node.cluster.membership;

import static dev.holdfast.node.cluster.membership.MemberRig.await;
import static dev.holdfast.node.cluster.membership.MemberRig.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.node.assembly.DirectoryStore;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.storage.NodeStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that do not get in, and what they are told. */
@Timeout(60)
class RefusalTest {

    @TempDir
    Path directory;

    private MemberRig rig = new MemberRig(Path.of(""), 0);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aNodeThatDiffersFromTheMembersDoesNotGetIn() throws Exception {
        rig = new MemberRig(directory, 1);
        Config config = rig.config("a");
        config.getDurableExecutorConfig("jobs").setCapacity(7).setDurability(1);
        ClusterMembership a = rig.start(config);
        awaitState(a, state -> state.executors().containsKey("jobs"));

        assertThatThrownBy(() -> rig.start(rig.config("other-cluster").setClusterName("prod")))
                .hasRootCauseInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("cluster-name=dev", "here=prod", "[HF-1213]");

        Config twoCopies = rig.config("two-copies");
        twoCopies.getReplicationConfig().setMinInSync(2);
        assertThatThrownBy(() -> rig.start(twoCopies))
                .hasRootCauseInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("replication.min-in-sync", "1 at", "2 on two-copies", "[HF-1214]");

        Config otherExecutor = rig.config("other-executor");
        otherExecutor.getDurableExecutorConfig("jobs").setCapacity(8).setDurability(1);
        assertThatThrownBy(() -> rig.start(otherExecutor))
                .hasRootCauseInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("capacity: 7 on a (", "8 on other-executor (");
        assertThat(a.register("jobs")).succeedsWithin(Duration.ofSeconds(10));

        rig.stop("a");
        Path copy = rig.directoryOf("copy");
        MemberRig.copy(rig.directoryOf("a"), copy);
        rig.start(config);
        Config twin = rig.config("copy");
        assertThatThrownBy(() -> rig.start(twin))
                .hasRootCauseInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("has the disk id of this one", "is a copy");
    }

    @Test
    void theDirectoryOfAMemberIsNotOpenedEmbedded() {
        rig = new MemberRig(directory, 1);
        rig.start(rig.config("a"));
        rig.stop("a");
        Config embedded = rig.config("a");
        embedded.getNetworkConfig().setEnabled(false);
        assertThatThrownBy(() -> DirectoryStore.open(embedded))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("belongs to a cluster", "network.enabled=true", "[HF-0309]");
        assertThat(rig.start(rig.config("a")).memberCount()).isEqualTo(1);
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        rig = new MemberRig(directory, 1);
        rig.start(rig.config("a"));
        Config second = rig.config("b");
        int taken = rig.config("a").getNetworkConfig().getPort();
        second.getNetworkConfig().setPort(taken);
        assertThatThrownBy(() -> rig.start(second))
                .hasRootCauseInstanceOf(java.io.IOException.class)
                .hasMessageContainingAll("network.port=" + taken, "[HF-1212]");
    }

    @Test
    void aNodeThatWaitsForOthersIsInterrupted() throws Exception {
        rig = new MemberRig(directory, 2);
        Config config = rig.config("a");
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        try (NodeStorage storage = NodeStorage.open(config)) {
            Thread starter = new Thread(() -> {
                try {
                    ClusterMembership.start(config, storage, new Inbound(), MemberRig.QUICK)
                            .close();
                } catch (RuntimeException e) {
                    failure.set(e);
                } finally {
                    ended.countDown();
                }
            });
            starter.start();
            await().until(() -> starter.getState() == Thread.State.TIMED_WAITING);
            starter.interrupt();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failure.get()).hasMessageContainingAll("Interrupted", "node=a", "[HF-1211]");
    }
}
