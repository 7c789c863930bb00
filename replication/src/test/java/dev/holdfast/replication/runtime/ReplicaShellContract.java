package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.storage.log.LogEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What three shells do together, over real logs and the control table, whatever carries their messages. */
abstract class ReplicaShellContract {

    private ShellCluster cluster;
    private final List<String> names = new ArrayList<>();

    abstract Transport transport(TransportSettings settings, Surroundings surroundings);

    @BeforeEach
    void start() {
        cluster = new ShellCluster(this::transport, Controls.local(), "a", "b", "c");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void whatIsCommittedIsOnEveryReplicaByteForByteAndInItsRing() {
        names.addAll(cluster.submit(50));
        cluster.awaitEqual(names);
        ShellNode first = cluster.nodes.get(0);
        for (ShellNode node : cluster.nodes) {
            assertThat(ShellCluster.bytesAfter(node.log(), LogEnd.EMPTY))
                    .isEqualTo(ShellCluster.bytesAfter(first.log(), LogEnd.EMPTY));
        }
    }

    @Test
    void aKilledPrimaryIsReplacedAndComesBackAsABackupThatCatchesUp() {
        for (int round = 0; round < 3; round++) {
            names.addAll(cluster.submit(20));
            ShellNode killed = cluster.awaitPrimary();
            cluster.kill(killed);
            ShellNode next = cluster.awaitPrimary();
            assertThat(next.id).isNotEqualTo(killed.id);
            names.addAll(cluster.submit(20));
            cluster.restart(killed);
            cluster.awaitEqual(names);
        }
    }

    @Test
    void aReplicaThatWasAwayForLongGetsACheckpointAndWhatFollows() {
        names.addAll(cluster.submit(10));
        ShellNode primary = cluster.awaitPrimary();
        ShellNode away = cluster.others(primary).get(0);
        cluster.kill(away);
        ShellCluster.await().until(() -> !cluster.row().inSync().contains(away.id));
        for (int i = 0; i < 3; i++) {
            names.addAll(cluster.submit(40));
            ShellCluster.rollByCheckpoint(cluster.awaitPrimary());
        }
        names.addAll(cluster.submit(10));
        cluster.restart(away);
        cluster.awaitEqual(names);
        assertThat(away.log().checkpointEnd()).isPresent();
        cluster.kill(away);
        cluster.restart(away);
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
    }

    @Test
    void whatOnlyAKilledPrimaryHadIsTruncatedWhenItFollowsTheNextOne() {
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        ShellNode old = cluster.awaitPrimary();
        cluster.mute(old);
        ReplicatedGroup group = Objects.requireNonNull(old.serving());
        group.append(List.of(ShellCluster.task(999)));
        LogEnd lost = old.log().end();
        cluster.kill(old);
        cluster.awaitPrimary();
        cluster.restart(old);
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        assertThat(old.log().epochEnds()).doesNotContain(lost);
    }

    @Test
    void aHandOverMovesThePrimaryAndLosesNothing() {
        names.addAll(cluster.submit(10));
        ShellNode old = cluster.awaitPrimary();
        ShellNode target = cluster.others(old).get(0);
        old.shell().handOver(target.id, HandOverKind.BALANCE);
        ShellCluster.await().until(() -> target.serving() != null);
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        assertThat(cluster.row().inSync()).hasSize(3);
    }
}
