package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Refusal;
import dev.holdfast.replication.transport.LoopbackNetwork;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.TaskSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What shells do when disks are slow, full or damaged, and when a primary is deposed with work under way. */
class ShellTroubleTest {

    private final LoopbackNetwork network = new LoopbackNetwork();
    private ShellCluster cluster = new ShellCluster(network::start, Controls.local(), "a", "b", "c");
    private final List<String> names = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        cluster.close();
    }

    private static Trouble.Before times(int count, RuntimeException what) {
        AtomicInteger left = new AtomicInteger(count);
        return () -> {
            if (left.getAndDecrement() > 0) {
                throw what;
            }
        };
    }

    private static LogFullException full() {
        return new LogFullException("No room", new IllegalStateException("test"));
    }

    private static LogDamagedException damage() {
        return new LogDamagedException(new LogDamage(ShellNode.PARTITION, Path.of("segment"), 0, "this", "that"));
    }

    private static ReplicatedGroup group(ShellNode primary) {
        return Objects.requireNonNull(primary.serving());
    }

    @Test
    void beaconsAreAnsweredWhileTheDiskStandsStill() {
        names.addAll(cluster.submit(10));
        ShellNode primary = cluster.awaitPrimary();
        List<ShellNode> backups = cluster.others(primary);
        Map<NodeId, AtomicInteger> answers = new ConcurrentHashMap<>();
        backups.forEach(node -> answers.put(node.id, new AtomicInteger()));
        CountDownLatch stuck = new CountDownLatch(2);
        for (ShellNode node : backups) {
            for (String each : List.of("appendCopy", "force")) {
                node.trouble.before(each, () -> {
                    stuck.countDown();
                    released.await();
                });
            }
        }
        group(primary).append(List.of(ShellCluster.task(999)));
        ShellCluster.await().until(() -> stuck.getCount() == 0);
        cluster.watch((node, message) -> {
            if (message instanceof Message.BeaconAck) {
                Objects.requireNonNull(answers.getOrDefault(node.id, new AtomicInteger()))
                        .incrementAndGet();
            }
        });
        ShellCluster.await().until(() -> answers.values().stream().allMatch(each -> each.get() >= 5));
        backups.forEach(node -> node.trouble.over());
        released.countDown();
        names.add("task-999");
        cluster.awaitEqual(names);
    }

    /** It gives no sign of life while something is asked of its disk and nothing comes of it. */
    @Test
    void aPrimaryWhoseDiskStandsStillAtAnAppendIsReplaced() throws Exception {
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        ShellNode old = cluster.awaitPrimary();
        ReplicatedGroup group = group(old);
        CountDownLatch stuck = standStill(old, "appendOwn");
        CompletableFuture<Void> appending =
                CompletableFuture.runAsync(() -> group.append(List.of(ShellCluster.task(999))));
        stuck.await();
        ShellNode next = awaitAnotherPrimary(old);
        assertThat(group.mayServe()).isFalse();
        assertThat(appending).isNotDone();
        names.addAll(cluster.submit(10));
        goOn(old);
        cluster.awaitEqual(names);
        assertThat(next.serving()).isNotNull();
        ShellCluster.await().until(appending::isDone);
    }

    @Test
    void aPrimaryWhoseDiskStandsStillAtAForceIsReplaced() throws Exception {
        cluster.close();
        cluster = new ShellCluster(
                network::start, Controls.local(), name -> ShellDisk.memory(SyncPolicy.ALWAYS), "d", "e", "f");
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        ShellNode old = cluster.awaitPrimary();
        ReplicatedGroup group = group(old);
        CountDownLatch stuck = standStill(old, "force");
        group.append(List.of(ShellCluster.task(999)));
        stuck.await();
        awaitAnotherPrimary(old);
        assertThat(group.mayServe()).isFalse();
        // both others have it: whoever leads now keeps what it has of earlier epochs
        names.add("task-999");
        names.addAll(cluster.submit(10));
        goOn(old);
        cluster.awaitEqual(names);
    }

    private CountDownLatch standStill(ShellNode node, String method) {
        CountDownLatch stuck = new CountDownLatch(1);
        node.trouble.before(method, () -> {
            stuck.countDown();
            released.await();
        });
        return stuck;
    }

    private void goOn(ShellNode node) {
        node.trouble.over();
        released.countDown();
    }

    @Test
    void aTruncationThatFindsNoRoomIsTriedUntilThereIs() {
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        ShellNode old = cluster.awaitPrimary();
        cluster.mute(old);
        group(old).append(List.of(ShellCluster.task(999)));
        LogEnd lost = old.log().end();
        cluster.kill(old);
        cluster.awaitPrimary();
        AtomicInteger tries = new AtomicInteger();
        old.trouble.before("truncate", () -> {
            if (tries.incrementAndGet() <= 3) {
                throw full();
            }
        });
        cluster.restart(old);
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        assertThat(old.log().epochEnds()).doesNotContain(lost);
        assertThat(tries).hasValue(4);
    }

    @Test
    void aCopyThatFindsNoRoomIsAskedForAgain() {
        names.addAll(cluster.submit(10));
        ShellNode backup = cluster.others(cluster.awaitPrimary()).get(0);
        backup.trouble.before("appendCopy", times(3, full()));
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
    }

    @Test
    void aCheckpointThatIsNotThereYetOrFindsNoRoomIsAskedForAgain() {
        ShellNode away = awayUntilOnlyACheckpointHelps();
        ShellNode primary = cluster.awaitPrimary();
        AtomicInteger looks = new AtomicInteger();
        primary.trouble.hide("checkpointEnd", () -> looks.incrementAndGet() <= 2);
        away.trouble.before("storeCheckpoint", times(2, full()));
        away.trouble.before("installCheckpoint", times(2, damage()));
        cluster.restart(away);
        cluster.awaitEqual(names);
        assertThat(away.log().checkpointEnd()).isPresent();
        assertThat(looks).hasValueGreaterThan(2);
    }

    @Test
    void damageThatAReadMeetsEndsTheReplicaAndNotTheNode() {
        ShellNode away = awayUntilOnlyACheckpointHelps();
        ShellNode primary = cluster.awaitPrimary();
        primary.trouble.before("readCheckpoint", times(1, damage()));
        cluster.restart(away);
        ShellCluster.await().until(() -> primary.damage() != null);
        assertThat(primary.failure()).isNull();
        assertThat(primary.serving()).isNull();
        ShellNode next = cluster.awaitPrimary();
        assertThat(next.id).isNotEqualTo(primary.id);
    }

    @Test
    void aLogThatFailsIsToldOnceAndNothingIsTakenAnyMore() {
        ShellNode primary = cluster.awaitPrimary();
        ReplicatedGroup group = group(primary);
        LogFailedException failure = new LogFailedException("Broken", new IllegalStateException("test"));
        primary.trouble.before("appendOwn", times(1, failure));
        assertThatThrownBy(() -> group.append(List.of(ShellCluster.task(1)))).isSameAs(failure);
        assertThat(primary.failure()).isSameAs(failure);
        assertThat(group.mayServe()).isFalse();
        assertThatThrownBy(() -> group.append(List.of(ShellCluster.task(1)))).isInstanceOf(RunRefusedException.class);
    }

    @Test
    void aClosedShellRefusesEveryAppend() {
        ShellNode primary = cluster.awaitPrimary();
        ReplicatedGroup group = group(primary);
        primary.shell().close();
        assertThatThrownBy(() -> group.append(List.of(ShellCluster.task(1))))
                .isInstanceOfSatisfying(
                        RunRefusedException.class,
                        refused -> assertThat(refused.why()).isEqualTo(Refusal.NOT_PRIMARY));
    }

    @Test
    void aDeposedPrimaryRefusesThenStepsDownAndLeavesWhatIsNotCommittedToItsCaller() {
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        ShellNode old = cluster.awaitPrimary();
        ReplicatedGroup group = group(old);
        AtomicInteger told = new AtomicInteger();
        group.onCommit(told::incrementAndGet);
        Lsn committed = group.committed();
        cluster.mute(old);
        List<LogRecord.Replicated> pending = group.append(List.of(ShellCluster.task(999)));
        assertThat(pending).hasSize(1);
        LogEnd end = group.end();
        ShellNode next = awaitAnotherPrimary(old);
        assertThat(group.mayServe()).isFalse();
        cluster.unmute(old);
        ShellCluster.await().until(() -> old.deposed() != null);
        ShellNode.Deposed deposed = Objects.requireNonNull(old.deposed());
        assertThat(deposed.mayServe()).isFalse();
        assertThat(deposed.committed()).isEqualTo(committed).isLessThan(end.lsn());
        assertThat(deposed.thread()).startsWith("holdfast-replica-disk-").doesNotContain("tick");
        assertThatThrownBy(() -> group.append(List.of(ShellCluster.task(1000))))
                .isInstanceOf(RunRefusedException.class);
        int before = told.get();
        assertThat(next.serving()).isNotNull();
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        assertThat(told).as("nobody is told of commits of later epochs").hasValue(before);
        assertThat(old.log().epochEnds()).doesNotContain(end);
    }

    @Test
    void whatAPrimaryHadNotAppliedOfWhatIsCommittedFollowsWhenItLeadsNoMore() {
        ShellNode old = cluster.awaitPrimary();
        old.leavesTheRest = true;
        names.addAll(cluster.submit(10));
        assertThat(old.ringNow()).isEmpty();
        cluster.mute(old);
        assertThat(awaitAnotherPrimary(old).serving()).isNotNull();
        cluster.unmute(old);
        ShellCluster.await().until(() -> old.deposed() != null);
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
    }

    @Test
    void aBatchLargerThanAFrameTravelsInPartsAndARecordLargerThanOneIsRefused() {
        ShellNode primary = cluster.awaitPrimary();
        List<LogRecord.Replicated> batch = IntStream.rangeClosed(500, 560)
                .<LogRecord.Replicated>mapToObj(ShellCluster::task)
                .toList();
        group(primary).append(batch);
        IntStream.rangeClosed(500, 560).forEach(each -> names.add("task-" + each));
        names.add("task-561");
        group(primary).append(List.of(sized(561, ShellCluster.MAX_FRAME_BYTES - 2_048)));
        cluster.awaitEqual(names);
        LogEnd end = primary.log().end();
        assertThatThrownBy(() -> group(primary).append(List.of(sized(562, ShellCluster.MAX_FRAME_BYTES))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("network.max-frame");
        assertThat(primary.log().end()).isEqualTo(end);
    }

    private static LogRecord.Replicated sized(long sequence, int bytes) {
        TaskSpec spec = new TaskSpec("java", "Task", null, null, null, null, 3, TaskSpec.NO_TTL, true);
        return new LogRecord.Submitted(sequence, "e", sequence, spec, new Body.Inline(new byte[bytes]));
    }

    private ShellNode awaitAnotherPrimary(ShellNode old) {
        ShellCluster.await().until(() -> cluster.others(old).stream().anyMatch(node -> node.serving() != null));
        return cluster.others(old).stream()
                .filter(node -> node.serving() != null)
                .findFirst()
                .orElseThrow();
    }

    /** A backup that is down, while the log of the primary has lost what it would need. */
    private ShellNode awayUntilOnlyACheckpointHelps() {
        names.addAll(cluster.submit(10));
        ShellNode away = cluster.others(cluster.awaitPrimary()).get(0);
        cluster.kill(away);
        ShellCluster.await().until(() -> !cluster.row().inSync().contains(away.id));
        for (int i = 0; i < 3; i++) {
            names.addAll(cluster.submit(40));
            ShellCluster.rollByCheckpoint(cluster.awaitPrimary());
        }
        return away;
    }
}
