package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.HoldfastCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All members of a cluster lose their power at the same time, while clients submit, tasks are held, and a part of the log is on the
 * disk: because the kernel wrote it there, or because all had been killed, and came back, before. {@code -Dholdfast.seed=N} repeats
 * a run's choices.
 */
@Tag("suite-power")
@Tag("faults")
class ClusterPowerLossTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MEBIBYTES = 1024;
    private static final int TASKS = 60;
    private static final int HELD = 40;
    private static final int SUBMITTERS = 3;

    /** Of those that several clients submit, when the power goes. */
    private static final int LATE_AT_LEAST = 40;

    private static final int AFTER_MILLIS = 200;
    private static final int TRIALS = Integer.getInteger("holdfast.trials", 5);

    /** Longer than it takes to submit the last tasks: not all of them are forced when the power goes. */
    private static final Duration SYNC_INTERVAL = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    @ParameterizedTest
    @EnumSource(SyncPolicy.class)
    void allMembersLosePowerAtOnce(SyncPolicy sync) throws Exception {
        try (PowerFigures figures = PowerFigures.of("cluster", sync, TRIALS, seed)) {
            figures.needs(Needs::loopDevices);
            for (int trial = 0; trial < TRIALS; trial++) {
                Path place = Files.createDirectories(folder.resolve("t" + trial));
                boolean killedBefore = trial % 2 == 1;
                figures.trial(() -> trial(place, sync, killedBefore, figures));
            }
            figures.noneIsViolated();
            if (sync != SyncPolicy.ALWAYS) {
                assertThat(figures.sum("lost-in-part")).as("%s", figures).isPositive();
            }
        }
    }

    private List<String> trial(Path place, SyncPolicy sync, boolean killedBefore, PowerFigures figures)
            throws Exception {
        ClusterDisks told = new ClusterDisks();
        Path gate = place.resolve("gate");
        try (Ext4Image disk = Ext4Image.mounted(place, MEBIBYTES);
                HoldfastCluster cluster = cluster(disk, sync)) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(ClusterDisks.EXECUTOR);
            assertThat(told.submit(executor, "first", TASKS)).isZero();
            told.see(executor);
            assertThat(told.submitHeld(executor, "held", HELD, gate)).isZero();
            List<String> violations = new ArrayList<>();
            if (killedBefore) {
                cluster.killAll();
                cluster.restart(0, 1, 2);
                told.missing(executor, "first").forEach(missing -> violations.add("after a kill: " + missing));
            } else {
                Shell.run("sync", "--file-system", disk.path().toString()); // as the kernel may do at any time
            }
            assertThat(told.ended(executor, "held")).as("are held").isEmpty();
            loseThePowerUnderLoad(disk, cluster, told);
            disk.remount();
            cluster.restart(0, 1, 2);
            Files.createFile(gate);

            int stored = told.stored();
            violations.addAll(
                    sync == SyncPolicy.ALWAYS ? told.missing(executor) : left(told, executor, stored, figures));
            // no id a second time, though a leader after a possible loss has to reserve the next ones first
            assertThat(told.submit(executor, "after", TASKS)).isZero();
            figures.add("stored", stored);
            figures.add("seen-before", told.seen());
            figures.add("held", HELD);
            figures.add("killed-before", killedBefore ? 1 : 0);
            return violations;
        }
    }

    private static List<String> left(
            ClusterDisks told, DurableExecutorService executor, int stored, PowerFigures figures) throws Exception {
        ClusterDisks.Left left = told.left(executor, Set.of("first", "held"));
        figures.add("lost", left.lost());
        figures.add("lost-in-part", left.lost() > 0 && left.lost() < stored ? 1 : 0);
        return left.violations();
    }

    private static HoldfastCluster cluster(Ext4Image disk, SyncPolicy sync) {
        return HoldfastCluster.of(3)
                .directory(disk.path().resolve("members"))
                .partitions(4)
                .durability(2)
                .sync(sync)
                .config(config -> {
                    config.setMaxPayload(64 * 1024);
                    config.getStorageConfig()
                            .setSyncInterval(SYNC_INTERVAL)
                            .setSegmentSize(1 << 20)
                            .setLowSpaceWatermark(1 << 20);
                })
                .inProcesses()
                .start();
    }

    /** While several clients submit. What they were told until their members were gone is noted. */
    private void loseThePowerUnderLoad(Ext4Image disk, HoldfastCluster cluster, ClusterDisks told) throws Exception {
        Map<Long, String> late = new ConcurrentHashMap<>();
        List<String> twice = new ArrayList<>();
        AtomicBoolean cutting = new AtomicBoolean();
        List<HoldfastInstance> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try {
            IntStream.range(0, SUBMITTERS).forEach(number -> {
                HoldfastInstance client = cluster.newClientOf(number);
                clients.add(client);
                threads.add(new Thread(() -> submitUntilCut(client, number, late, twice, cutting)));
            });
            threads.forEach(Thread::start);
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> late.size() >= LATE_AT_LEAST);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(AFTER_MILLIS)));
            assertThat(threads)
                    .as("all submit")
                    .allSatisfy(thread -> assertThat(thread.isAlive()).isTrue());
            cutting.set(true);
            disk.cutPower();
            cluster.killAll();
        } finally {
            cutting.set(true);
            clients.forEach(HoldfastInstance::close); // what is not answered yet will not be
            for (Thread thread : threads) {
                thread.join(LIMIT.toMillis());
            }
        }
        assertThat(threads).allSatisfy(thread -> assertThat(thread.isAlive()).isFalse());
        assertThat(twice).as("issued twice").isEmpty();
        late.forEach(told::note);
    }

    private static void submitUntilCut(
            HoldfastInstance client, int number, Map<Long, String> late, List<String> twice, AtomicBoolean cutting) {
        DurableExecutorService executor = client.getDurableExecutorService(ClusterDisks.EXECUTOR);
        for (int i = 0; ; i++) {
            String token = "late-" + number + "-" + i;
            try {
                long id = executor.submitToKeyOwner(new Held(token, ""), "key-" + i)
                        .getTaskId();
                String earlier = late.put(id, token);
                if (earlier != null) {
                    synchronized (twice) {
                        twice.add(id + " of " + earlier + " and " + token);
                    }
                }
            } catch (RuntimeException e) {
                if (cutting.get()) {
                    return;
                }
                throw e;
            }
        }
    }
}
