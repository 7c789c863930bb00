package dev.holdfast.node.cluster;

import static dev.holdfast.node.cluster.HostCluster.await;
import static dev.holdfast.node.cluster.HostCluster.complete;
import static dev.holdfast.node.cluster.HostCluster.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A force that fails stops the node, and the copies of its partitions on other nodes take over. */
class DiskTroubleTest {

    private final HostCluster cluster = new HostCluster(name -> HostDisk.memory(SyncPolicy.ALWAYS), "a", "b", "c");

    @AfterEach
    void close() {
        cluster.close();
    }

    private static void failForces(HostCluster.Node node) {
        ((HostDisk.InMemory) node.disk).medium.failForcesWith(new IOException("No force: of the test"));
    }

    @Test
    void aPrimaryWhoseForceFailsIsReplacedAndNothingAcknowledgedIsLost() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        List<Long> stored = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stored.add(first.submitted());
        }
        assertThat(first.ask(complete(stored.get(0)))).isInstanceOf(Reply.Done.class);
        failForces(first);
        CompletableFuture<Reply> unknown = first.post(submit(100));
        await().until(() -> cluster.primary() != null && cluster.primary() != first);
        HostCluster.Node second = cluster.awaitPrimary();
        assertThat(first.failures).isNotEmpty();
        assertThat(first.partition()).as("of the node that stopped").isNull();
        assertThat(unknown.getNow(new Reply.Elsewhere(true))).isNotInstanceOf(Reply.Stored.class);
        assertThat(second.leading().entries().map(TaskEntry::sequence)).containsAll(stored);
        assertThat(second.leading().find(stored.get(0)))
                .satisfies(entry -> assertThat(entry.isTerminal()).isTrue());
        assertThat(second.submitted()).isGreaterThan(stored.get(stored.size() - 1));
    }

    /** Else a caller would be told that nobody knows, while the next primary does. */
    @Test
    void whoAsksOrWaitsAtAPrimaryWhoseDiskFailedIsSentToTheNext() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long open = first.submitted();
        CompletableFuture<Reply> waiting = new CompletableFuture<>();
        AutoCloseable unused = first.leading().await(HostCluster.EXECUTOR, open, waiting::complete);
        first.leading().failOver("of the test");
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(new Reply.Elsewhere(false));
        assertThat(first.ask(submit(100))).isEqualTo(new Reply.Elsewhere(false));
        assertThat(first.leading().mayServe()).isFalse();
    }

    @Test
    void aBackupWhoseForceFailsIsLeftOutAndThePrimaryGoesOn() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long before = first.submitted();
        HostCluster.Node backup = cluster.others(first).get(0);
        failForces(backup);
        long after = first.submitted(); // waits until the row is without it
        assertThat(after).isGreaterThan(before);
        assertThat(cluster.row().inSync()).doesNotContain(backup.id).contains(first.id);
        await().until(() -> !backup.failures.isEmpty());
    }
}
