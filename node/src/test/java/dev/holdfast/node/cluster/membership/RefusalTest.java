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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that do not get into a cluster of one, and what they are told. */
@Timeout(60)
class RefusalTest {

    @TempDir
    static Path directory;

    private static MemberRig rig = new MemberRig(Path.of(""), 0);
    private static ClusterMembership member;

    @BeforeAll
    static void start() {
        rig = new MemberRig(directory, 1);
        member = rig.start(withJobs("a", 7));
        awaitState(member, state -> state.executors().containsKey("jobs"));
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    private static Config withJobs(String name, int capacity) {
        Config config = rig.config(name);
        config.getDurableExecutorConfig("jobs").setCapacity(capacity).setDurability(1);
        return config;
    }

    @Test
    void aNodeOfAnotherClusterName() {
        assertThatThrownBy(() -> rig.start(rig.config("other-cluster").setClusterName("prod")))
                .hasRootCauseInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("cluster-name=dev", "here=prod", "[HF-1213]");
    }

    @Test
    void aNodeThatNeedsMoreCopiesInSync() {
        Config twoCopies = rig.config("two-copies");
        twoCopies.getReplicationConfig().setMinInSync(2);
        assertThatThrownBy(() -> rig.start(twoCopies))
                .hasRootCauseInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("replication.min-in-sync", "1 at", "2 on two-copies", "[HF-1214]");
    }

    @Test
    void aNodeWithOtherSettingsForAnExecutor() {
        assertThatThrownBy(() -> rig.start(withJobs("other-executor", 8)))
                .hasRootCauseInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("capacity: 7 on a (", "8 on other-executor (");
        assertThat(member.register("jobs")).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aNodeWhosePortIsTaken() {
        int taken = member.address().port();
        Config second = rig.config("second");
        second.getNetworkConfig().setPort(taken);
        assertThatThrownBy(() -> rig.start(second))
                .hasRootCauseInstanceOf(IOException.class)
                .hasMessageContainingAll("network.port=" + taken, "[HF-1212]");
    }

    @Test
    void aNodeOnACopyOfAMembersDirectory() throws Exception {
        MemberRig.copy(rig.directoryOf("a"), rig.directoryOf("copy"));
        assertThatThrownBy(() -> rig.start(rig.config("copy")))
                .hasRootCauseInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("has the disk id of this one", "is a copy", "[HF-1212]");
    }

    @Test
    void anEmbeddedNodeOnAMembersDirectory() throws Exception {
        MemberRig.copy(rig.directoryOf("a"), rig.directoryOf("embedded"));
        Config embedded = rig.config("embedded");
        embedded.getNetworkConfig().setEnabled(false);
        assertThatThrownBy(() -> DirectoryStore.open(embedded))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("belongs to a cluster", "network.enabled=true", "[HF-0309]");
    }

    @Test
    void aNodeThatWaitsForOthersAndIsInterrupted() throws Exception {
        Config config = rig.config("waiting");
        config.getNetworkConfig().setMembers(rig.unusedList(2));
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
        assertThat(failure.get()).hasMessageContainingAll("Interrupted", "node=waiting", "[HF-1211]");
    }
}
