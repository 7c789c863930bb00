package dev.holdfast.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SoloReplicaGroupTest {

    private final List<String> failures = new CopyOnWriteArrayList<>();

    private static List<LogRecord.Replicated> one() {
        return List.of(new LogRecord.Disposed(1, 0));
    }

    private GroupForce force(Duration interval) {
        return new GroupForce(
                "test-force", interval, (log, cause) -> failures.add(log.partition() + ": " + cause.getMessage()));
    }

    @Test
    void withoutAForceARecordIsCommittedWhenItIsAppended() {
        ForcedLog log = new ForcedLog(0);
        SoloReplicaGroup group = new SoloReplicaGroup(log, new Epoch(1), SyncPolicy.OS, Optional.empty());
        assertThat(group.committed()).isEqualTo(Lsn.NONE);
        group.append(one());
        assertThat(group.committed()).isEqualTo(new Lsn(1));
        assertThat(log.acknowledged()).as("the holder's to say").isZero();
        group.acknowledge(group.committed());
        assertThat(log.acknowledged()).isEqualTo(1);
        assertThat(log.forces()).isZero();
    }

    @Test
    void withSyncAlwaysARecordIsCommittedWhenItIsForced() {
        ForcedLog log = new ForcedLog(0);
        log.mayForce.drainPermits();
        try (GroupForce force = force(Duration.ZERO)) {
            SoloReplicaGroup group = new SoloReplicaGroup(log, new Epoch(1), SyncPolicy.ALWAYS, Optional.of(force));
            AtomicInteger told = new AtomicInteger();
            group.onCommit(told::incrementAndGet);
            group.append(one());
            await().until(log.mayForce::hasQueuedThreads);
            group.append(one());
            group.append(one());
            assertThat(group.committed()).isEqualTo(Lsn.NONE);
            log.mayForce.release();
            await().until(() -> group.committed().equals(new Lsn(1)));
            log.mayForce.release();
            await().until(() -> told.get() == 2);
            assertThat(group.committed()).isEqualTo(new Lsn(3));
            assertThat(log.forces()).as("two appends shared the second force").isEqualTo(2);
        }
    }

    @Test
    void oneThreadForcesForAllPartitions() {
        List<ForcedLog> logs = List.of(new ForcedLog(0), new ForcedLog(1), new ForcedLog(2));
        try (GroupForce force = force(Duration.ZERO)) {
            List<SoloReplicaGroup> groups = new ArrayList<>();
            for (ForcedLog log : logs) {
                groups.add(new SoloReplicaGroup(log, new Epoch(1), SyncPolicy.ALWAYS, Optional.of(force)));
            }
            for (int i = 0; i < 500; i++) {
                groups.get(i % 3).append(one());
            }
            await().until(() -> groups.stream()
                    .allMatch(group -> group.committed().equals(group.end().lsn())));
        }
    }

    @Test
    void withAnIntervalManyAppendsShareAForceAndAreCommittedBefore() {
        ForcedLog log = new ForcedLog(0);
        try (GroupForce force = force(Duration.ofMillis(200))) {
            SoloReplicaGroup group = new SoloReplicaGroup(log, new Epoch(1), SyncPolicy.INTERVAL, Optional.of(force));
            for (int i = 0; i < 100; i++) {
                group.append(one());
            }
            assertThat(group.committed()).isEqualTo(new Lsn(100));
            await().until(() -> log.forcedEnd().lsn().equals(new Lsn(100)));
            assertThat(log.forces()).isLessThan(10);
        }
    }

    @Test
    void closingForcesWhatWasAskedForBefore() {
        ForcedLog log = new ForcedLog(0);
        GroupForce force = force(Duration.ofHours(1));
        SoloReplicaGroup group = new SoloReplicaGroup(log, new Epoch(1), SyncPolicy.INTERVAL, Optional.of(force));
        group.append(one());
        force.close();
        force.close();
        assertThat(log.forcedEnd().lsn()).isEqualTo(new Lsn(1));
    }

    @Test
    void afterTheFirstFailureNothingIsForcedAnyMore() {
        ForcedLog broken = new ForcedLog(0);
        ForcedLog sound = new ForcedLog(1);
        broken.fail();
        try (GroupForce force = force(Duration.ZERO)) {
            SoloReplicaGroup first = new SoloReplicaGroup(broken, new Epoch(1), SyncPolicy.ALWAYS, Optional.of(force));
            SoloReplicaGroup second = new SoloReplicaGroup(sound, new Epoch(1), SyncPolicy.ALWAYS, Optional.of(force));
            first.append(one());
            await().until(() -> !failures.isEmpty());
            second.append(one());
            first.append(one());
            force.close();
            assertThat(failures).containsExactly("0: The test's disk has failed [HF-0503]");
            assertThat(first.committed()).isEqualTo(Lsn.NONE);
            assertThat(second.committed()).isEqualTo(Lsn.NONE);
            assertThat(broken.forces()).as("never a second time").isEqualTo(1);
        }
    }

    @Test
    void aPolicyThatForcesNeedsAThreadThatDoes() {
        assertThatThrownBy(
                        () -> new SoloReplicaGroup(new ForcedLog(0), new Epoch(1), SyncPolicy.ALWAYS, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ALWAYS");
    }
}
