package dev.holdfast.node.cluster;

import static dev.holdfast.node.cluster.HostCluster.PARTITION;
import static dev.holdfast.node.cluster.HostCluster.await;
import static dev.holdfast.node.cluster.HostCluster.complete;
import static dev.holdfast.node.cluster.HostCluster.submit;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.Takeover;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.remote.Owner;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.TakeOver;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SequenceRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaHostTest {

    private final HostCluster cluster = new HostCluster("a", "b", "c");

    @AfterEach
    void close() {
        cluster.nodes.forEach(node -> assertThat(node.failures).isEmpty());
        cluster.close();
    }

    @Test
    void afterTheEndOfThePrimaryAnotherHasItsTasksAndResults() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long finished = first.submitted();
        assertThat(first.ask(complete(finished))).isInstanceOf(Reply.Done.class);
        long open = first.submitted();
        first.kill();
        await().until(() -> cluster.primary() != null && cluster.primary() != first);
        HostCluster.Node second = cluster.awaitPrimary();
        assertThat(second.leading().find(finished))
                .satisfies(entry -> assertThat(entry.isTerminal()).isTrue());
        await().untilAsserted(() -> assertThat(second.toRun).containsExactly(open));
        assertThat(second.submitted()).isGreaterThan(open);
    }

    @Test
    void aNodeThatComesBackFollowsAndCanLeadAgain() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        List<Long> stored = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            stored.add(first.submitted());
        }
        first.kill();
        await().until(() -> cluster.primary() != null && cluster.primary() != first);
        stored.add(cluster.awaitPrimary().submitted());
        first.restart();
        await().until(() -> cluster.row().inSync().contains(first.id));
        cluster.others(first).forEach(HostCluster.Node::kill);
        await().until(() -> cluster.primary() == first);
        assertThat(first.leading().entries().map(TaskEntry::sequence)).containsExactlyElementsOf(stored);
    }

    @Test
    void aPlannedHandOverWaitsForWhatRunsAndLosesNoEnd() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        HostCluster.Node second = cluster.others(first).get(0);
        await().until(() -> cluster.row().inSync().size() == 3);
        long task = first.submitted();
        first.running = true;
        first.host().handOver(second.id, HandOverKind.CLOSE);
        await().until(() -> !first.leading().mayStart());
        long later = first.submitted(); // accepted still
        CompletableFuture<Reply> end = first.post(complete(task));
        first.running = false;
        await().until(() -> cluster.primary() == second);
        assertThat(end.get(20, SECONDS)).isInstanceOf(Reply.Done.class);
        await().untilAsserted(() -> assertThat(second.toRun).containsExactly(later));
        assertThat(second.leading().find(task)).matches(entry -> entry.isTerminal());
    }

    @Test
    void aCopyOfBeforeTheLastEpochBringsNoIdBackThatAnotherTaskHas() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long before = first.submitted();
        cluster.cutOff(first);
        CompletableFuture<Reply> open = first.post(submit(100)); // in no other log
        await().until(() -> cluster.primary() != null);
        HostCluster.Node second = cluster.awaitPrimary();
        long lost = second.submitted();
        cluster.others(first).forEach(HostCluster.Node::kill);
        cluster.heal();
        await().until(() -> first.partition() == null);
        cluster.recover(first);
        await().until(() -> cluster.primary() == first);
        long back = ((Reply.Stored) open.get(20, SECONDS)).sequence();
        assertThat(back).isNotEqualTo(lost);
        assertThat(first.leading().entries().map(TaskEntry::sequence)).containsExactly(before, back);
        assertThat(first.leading().staleness(HostCluster.EXECUTOR, lost)).isEqualTo(Reply.Staleness.LOST);
        await().untilAsserted(() -> assertThat(first.ask(submit(1)))
                .isInstanceOfSatisfying(
                        Reply.Stored.class,
                        stored -> assertThat(stored.sequence()).isGreaterThan(lost)));
    }

    @Test
    void aPrimaryThatStoredNothingHasTakenItsIdsWithItAllTheSame() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long before = first.submitted();
        first.kill();
        await().until(() -> cluster.primary() != null && cluster.primary() != first);
        HostCluster.Node second = cluster.awaitPrimary();
        first.restart();
        await().until(() -> cluster.row().inSync().size() == 3);
        cluster.cutOff(second);
        CompletableFuture<Reply> open = second.post(submit(100));
        Partition deposed = second.leading();
        await().until(() -> cluster.primary() != null);
        long elsewhere = cluster.awaitPrimary().submitted();
        assertThat(elsewhere).isGreaterThan(before + 2 * Takeover.IN_FLIGHT);
        assertThat(open).isNotDone();
        cluster.heal();
        await().until(deposed::isDeposed);
        assertThat(open.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(false));
    }

    @Test
    void whatIsAppendedByADeposedPrimaryIsToldOnceItIsDecided() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long before = first.submitted();
        cluster.cutOff(first);
        Partition deposed = first.leading();
        CompletableFuture<Reply> open = first.post(submit(100));
        await().until(() -> cluster.primary() != null);
        HostCluster.Node second = cluster.awaitPrimary();
        long elsewhere = second.submitted();
        assertThat(open).isNotDone();
        cluster.heal();
        assertThat(open.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(false));
        await().until(deposed::isDeposed);
        assertThat(second.leading().entries().map(TaskEntry::sequence)).containsExactly(before, elsewhere);
        CompletableFuture<Reply> late = new CompletableFuture<>();
        deposed.post(submit(1), late::complete);
        assertThat(late.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(false));
    }

    @Test
    void whoWaitsAtADeposedPrimaryIsSentElsewhere() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long task = first.submitted();
        CompletableFuture<Reply> waiting = new CompletableFuture<>();
        AutoCloseable waiter = first.leading().await(HostCluster.EXECUTOR, task, waiting::complete);
        cluster.cutOff(first);
        await().until(() -> cluster.primary() != null);
        cluster.heal();
        assertThat(waiting.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(false));
        waiter.close();
    }

    @Test
    void whoeverAsksAPrimaryWhoseLeaseIsOutIsSentToWhomTheTableNames() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        SeatOrTable owners = new SeatOrTable(first.id, node -> Optional.of(new PeerAddress(node.diskId(), 1)));
        assertThat(owners.of(PARTITION, first.seat(), cluster.control.state())).isInstanceOf(Owner.Local.class);
        cluster.cutOff(first);
        ClusterState before = cluster.control.state();
        await().until(() -> cluster.primary() != null);
        NodeId second = cluster.row().primary().orElseThrow();
        assertThat(first.partition()).as("it was not told").isNotNull();
        assertThat(owners.of(PARTITION, first.seat(), before))
                .isEqualTo(new Owner.None("this node leads it, and its lease is out"));
        assertThat(owners.of(PARTITION, first.seat(), cluster.control.state()))
                .isInstanceOfSatisfying(
                        Owner.Remote.class,
                        owner -> assertThat(owner.peer().expected()).contains(second));
    }

    /** As when the log has no room for the first opening. */
    @Test
    void anEpochThatIsOpenedAgainTellsTheSameSequencesToBeLost() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long stored = first.submitted();
        await().until(() -> cluster.row().idCeiling() > 0);
        ReplicaHost host = cluster.others(first).get(0).host();
        await().until(() -> host.shell().committed().equals(host.shell().end().lsn()));
        List<SequenceRange> lost = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            host
                    .becomePrimary(
                            new Epoch(9),
                            TakeOver.ALL_SUSPECT,
                            true,
                            host.shell().end().lsn())
                    .stream()
                    .filter(LogRecord.SequencesLost.class::isInstance)
                    .forEach(record -> lost.add(((LogRecord.SequencesLost) record).range()));
        }
        SequenceRange all = new SequenceRange(stored + 1, cluster.row().idCeiling());
        assertThat(lost).containsExactly(all, all);
    }

    @Test
    void aCopyThatFailsByADefectIsLeftOutAndItsNodeGoesOn() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        HostCluster.Node defective = cluster.others(first).get(0);
        defective.fails = HostCluster.EXECUTOR;
        long stored = first.submitted();
        await().until(() -> defective.hostOrNull() == null);
        assertThat(defective.seat().problem()).contains("it has failed", "a test has it fail");
        assertThat(defective.failures).isEmpty();
        await().until(() -> !cluster.row().inSync().contains(defective.id));
        assertThat(first.submitted()).isGreaterThan(stored);
        first.kill();
        await().until(() -> cluster.primary() != null && cluster.primary() != first);
        assertThat(cluster.awaitPrimary().submitted()).isGreaterThan(stored);
    }

    @Test
    void theOnlyCopyRefusesWhenItFailsByADefectAndIsThereAgainAfterARestart() throws Exception {
        try (HostCluster alone = new HostCluster("a")) {
            HostCluster.Node only = alone.awaitPrimary();
            long stored = only.submitted();
            only.seat().defective(only.host(), "a test has it fail");
            await().until(() -> only.seat().refusing() != null);
            Owner.Local refusing = Objects.requireNonNull(only.seat().owner());
            assertThat(only.seat().mayAnswer()).isTrue();
            assertThat(refusing.partition().problem())
                    .contains("a defect of this version and not of the disk", "restart the node", "a test has it fail");
            alone.recover(only);
            await().during(Duration.ofMillis(500)).until(() -> only.hostOrNull() == null);
            assertThat(only.seat().refusing())
                    .as("its log may be sound, and is not set aside")
                    .isNotNull();
            only.kill();
            only.restart();
            await().until(() -> alone.primary() == only);
            assertThat(only.seat().refusing()).isNull();
            assertThat(only.leading().entries().map(TaskEntry::sequence)).containsExactly(stored);
        }
    }

    @Test
    void whatTheFirstSubmitsNeedIsReservedBeforeTheEpochIsCommitted() throws Exception {
        HostCluster.Node first = cluster.awaitPrimary();
        long stored = first.submitted();
        ReplicaHost host = cluster.others(first).get(0).host();
        await().until(() -> host.shell().committed().equals(host.shell().end().lsn()));
        assertThat(host.reservedEndExclusive()).isLessThan(Takeover.IN_FLIGHT);
        var unused = host.becomePrimary(
                new Epoch(9), TakeOver.FAILOVER, false, host.shell().end().lsn());
        await().until(() -> host.reservedEndExclusive() > stored + Takeover.IN_FLIGHT + SequenceLimits.STEP / 2);
        assertThat(host.serving()).isNull();
    }

    /** With a full disk each commit would have the whole ring written in vain. */
    @Test
    void aCheckpointThatFailedIsNotTriedAgainAtEachCommit() throws Exception {
        Map<String, UncheckpointedDisk> disks = new ConcurrentHashMap<>();
        try (HostCluster full = new HostCluster(
                name -> disks.computeIfAbsent(name, unused -> new UncheckpointedDisk()), "a", "b", "c")) {
            HostCluster.Node primary = full.awaitPrimary();
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 30; i++) {
                    primary.submitted();
                }
                await().until(() -> disks.values().stream().allMatch(disk -> disk.attempts.get() > 0));
                await().until(() -> full.others(primary).stream()
                        .allMatch(node -> node.host()
                                .shell()
                                .committed()
                                .equals(primary.host().shell().end().lsn())));
            }
            assertThat(disks.values())
                    .allSatisfy(disk -> assertThat(disk.attempts).hasValue(1));
        }
    }

    /** Every submit is told once; what is told as stored is there at the end, and what is not told so is not. */
    @Test
    void underFailoversEachSubmitIsToldWhatBecameOfIt() throws Exception {
        Set<Long> stored = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            HostCluster.Node primary = cluster.awaitPrimary();
            await().until(() -> cluster.row().inSync().size() == 3);
            for (int i = 0; i < 200; i++) {
                if (i == 150) {
                    cluster.cutOff(primary);
                }
                CompletableFuture<Reply> reply = new CompletableFuture<>();
                if (primary.partition() != null && primary.leading().post(submit(200), reply::complete)) {
                    replies.add(reply);
                }
            }
            await().until(() -> cluster.primary() != null);
            cluster.awaitPrimary().submitted();
            cluster.heal();
        }
        for (CompletableFuture<Reply> reply : replies) {
            Reply told = told(reply);
            if (told instanceof Reply.Stored at) {
                assertThat(stored.add(at.sequence())).isTrue();
            } else {
                assertThat(told).isEqualTo(new Reply.Elsewhere(false));
            }
        }
        HostCluster.Node last = cluster.awaitPrimary();
        Set<Long> there =
                new HashSet<>(last.leading().entries().map(TaskEntry::sequence).toList());
        assertThat(there).containsAll(stored).hasSize(stored.size() + 3);
    }

    private static Reply told(CompletableFuture<Reply> reply) throws Exception {
        try {
            return reply.get(20, SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("A submit was never told what became of it", e);
        }
    }
}
