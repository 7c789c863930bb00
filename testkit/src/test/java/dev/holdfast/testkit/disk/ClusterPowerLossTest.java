package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.HoldfastCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All members of a cluster lose their power at the same time. */
@Tag("suite-power")
@Tag("faults")
class ClusterPowerLossTest {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterPowerLossTest.class);
    private static final int MEBIBYTES = 1024;
    private static final int TASKS = 60;
    private static final int TRIALS = Integer.getInteger("holdfast.trials", 5);

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom();

    @ParameterizedTest
    @EnumSource(SyncPolicy.class)
    void allMembersLosePowerAtOnce(SyncPolicy sync) throws Exception {
        Needs.loopDevices();
        for (int trial = 0; trial < TRIALS; trial++) {
            trial(Files.createDirectories(folder.resolve("t" + trial)), sync);
        }
    }

    private void trial(Path place, SyncPolicy sync) throws Exception {
        long started = System.nanoTime();
        ClusterDisks told = new ClusterDisks();
        int lost = 0;
        try (Ext4Image disk = Ext4Image.mounted(place, MEBIBYTES);
                HoldfastCluster cluster = HoldfastCluster.of(3)
                        .directory(disk.path().resolve("members"))
                        .partitions(4)
                        .durability(2)
                        .sync(sync)
                        .config(config -> {
                            config.setMaxPayload(64 * 1024);
                            config.getStorageConfig().setSegmentSize(1 << 20).setLowSpaceWatermark(1 << 20);
                        })
                        .inProcesses()
                        .start()) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(ClusterDisks.EXECUTOR);
            assertThat(told.submit(executor, "first", TASKS)).isZero();
            told.see(executor);
            assertThat(told.submit(executor, "second", TASKS)).isZero();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(200)));
            disk.cutPower();
            cluster.killAll();
            disk.remount();
            cluster.restart(0, 1, 2);
            if (sync == SyncPolicy.ALWAYS) {
                assertThat(told.missing(executor)).isEmpty();
            } else {
                lost = told.lostBehindABeginning(executor);
            }
            // no id a second time, though a leader after a possible loss has to reserve the next ones first
            assertThat(told.submit(executor, "after", TASKS)).isZero();
        }
        LOG.info(
                "power: cluster, sync={}, members=3, violations=0, stored={}, seen-before={}, lost={}, millis={}",
                sync,
                told.stored(),
                told.seen(),
                lost,
                (System.nanoTime() - started) / 1_000_000);
    }
}
