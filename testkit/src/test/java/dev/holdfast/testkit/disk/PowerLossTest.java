package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.testkit.ChildJvm;
import dev.holdfast.testkit.History;
import dev.holdfast.testkit.HistoryEvent.Seen;
import dev.holdfast.testkit.HistoryEvent.Stored;
import dev.holdfast.testkit.LivesOfANode;
import dev.holdfast.testkit.check.Invariant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node under load loses its power: its file system is shut down under it, without a last write, and mounted again. {@code
 * -Dholdfast.seed=N} repeats a run's choices.
 */
@Tag("suite-power")
class PowerLossTest {

    private static final Logger LOG = LoggerFactory.getLogger(PowerLossTest.class);
    private static final String WORKLOAD = "dev.holdfast.testkit.KillWorkload";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int MEBIBYTES = 256;
    private static final int SERVED_AT_LEAST = 20;

    /** Rules that hold even where a node went back to a beginning of its log. */
    private static final Set<String> ALWAYS_HOLD = Set.of("I2", "I3", "I7");

    @TempDir
    Path folder;

    private final long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final AtomicLines unexpected = new AtomicLines();

    /** Answers of a node whose disk has failed under it. */
    private static final class AtomicLines {
        private final List<String> lines = new ArrayList<>();

        synchronized void add(String line) {
            lines.add(line);
        }

        synchronized int count() {
            return lines.size();
        }
    }

    @ParameterizedTest(name = "under sync {0}, killed before: {1}")
    @CsvSource({"ALWAYS, false", "OS, true", "INTERVAL, false"})
    void whatMayNotBeLostIsThereAfterAPowerLoss(SyncPolicy sync, boolean killedBefore) throws Exception {
        Needs.loopDevices();
        trial(folder, sync, killedBefore);
    }

    @ParameterizedTest(name = "{1} under sync {0}, long")
    @CsvSource({"ALWAYS, 20", "OS, 15", "INTERVAL, 15"})
    @Tag("faults")
    void whatMayNotBeLostIsThereAfterManyPowerLosses(SyncPolicy sync, int losses) throws Exception {
        Needs.loopDevices();
        int trials = Integer.getInteger("holdfast.trials", losses);
        for (int trial = 0; trial < trials; trial++) {
            trial(Files.createDirectories(folder.resolve("trial-" + trial)), sync, trial % 2 == 0);
        }
    }

    private void trial(Path place, SyncPolicy sync, boolean killedBefore) throws Exception {
        long started = System.nanoTime();
        History history = new History();
        List<Long> probes;
        int losesPower;
        try (Ext4Image disk = Ext4Image.mounted(place, MEBIBYTES)) {
            if (killedBefore) {
                live(history, disk, sync, false);
                history.nextLife();
            }
            losesPower = history.life();
            live(history, disk, sync, true);
            disk.remount();
            history.nextLife();
            probes = behindTheLast(history, losesPower);
            liveToTheEnd(history, disk, sync, probes);
        }
        List<String> violations = new ArrayList<>();
        if (sync == SyncPolicy.ALWAYS) {
            violations.addAll(Invariant.allViolations(history));
        } else {
            Invariant.all()
                    .filter(invariant -> ALWAYS_HOLD.contains(invariant.number()))
                    .forEach(invariant -> violations.addAll(invariant.violations(history)));
        }
        violations.addAll(BeginningOfTheLog.violations(history, losesPower, probes));
        String figures = "power: loss, sync=" + sync + ", killed-before=" + killedBefore + ", violations="
                + violations.size() + ", stored=" + history.all(Stored.class).count() + ", seen="
                + history.all(Seen.class).count() + ", lost=" + BeginningOfTheLog.lost(history)
                + ", answers-of-the-failed-node=" + unexpected.count() + ", millis="
                + (System.nanoTime() - started) / 1_000_000 + ", holdfast.seed=" + seed;
        LOG.info(figures);
        assertThat(violations).as(figures).isEmpty();
        assertThat(history.all(Stored.class).count()).as(figures).isGreaterThan(SERVED_AT_LEAST);
        assertThat(history.all(Seen.class).filter(seen -> seen.value().contains("unexpected")))
                .as(figures)
                .isEmpty();
    }

    /** A life that ends by a kill, or with its power. */
    private void live(History history, Ext4Image disk, SyncPolicy sync, boolean powerLoss) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        int life = history.life();
        boolean servesOld = life > 0;
        try (ChildJvm child = start(history, disk, sync, false, ready, List.of())) {
            assertThat(ready.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("life=%s started; see %s", life, errors())
                    .isTrue();
            await().atMost(LIMIT)
                    .until(() -> history.events().stream()
                                    .filter(event -> event.place().life() == life)
                                    .filter(event -> servesOld ? event instanceof Seen : event instanceof Stored)
                                    .count()
                            > SERVED_AT_LEAST);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
            assertThat(child.isAlive())
                    .as("life=%s goes on; see %s", life, errors())
                    .isTrue();
            if (powerLoss) {
                disk.cutPower();
            }
            child.kill();
        }
    }

    private void liveToTheEnd(History history, Ext4Image disk, SyncPolicy sync, List<Long> probes) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (ChildJvm child = start(history, disk, sync, true, ready, probes)) {
            assertThat(child.await(LIMIT))
                    .as("the last life ends well; see %s", Files.readString(errors()))
                    .isZero();
        }
    }

    private Path errors() {
        return folder.resolve("errors.txt");
    }

    private ChildJvm start(
            History history, Ext4Image disk, SyncPolicy sync, boolean last, CountDownLatch ready, List<Long> probes)
            throws Exception {
        Set<String> known = new LinkedHashSet<>(LivesOfANode.known(history));
        probes.forEach(probe -> known.add(Long.toString(probe)));
        return ChildJvm.of(WORKLOAD)
                .shortLived()
                .flags(
                        "-Xmx256m",
                        "-Dholdfast.max-payload=64KiB",
                        "-Dholdfast.storage.segment-size=256KiB",
                        "-Dholdfast.storage.low-space-watermark=1MiB")
                .arguments(
                        disk.path().resolve("data").toString(),
                        sync.name(),
                        Integer.toString(history.life()),
                        Long.toString(random.nextLong()),
                        Files.write(folder.resolve("known.txt"), known).toString(),
                        Boolean.toString(last))
                .errorsTo(errors())
                .lines(line -> {
                    if (line.equals("READY")) {
                        ready.countDown();
                    } else if (!last && line.contains("!unexpected:")) {
                        unexpected.add(line); // its disk has failed, and it says so
                    } else if (!line.equals("FINISHED")) {
                        history.add(line);
                    }
                })
                .start();
    }

    /**
     * Ids behind the last one of each partition that anybody was told of in the life that lost its power. What the one before it, which
     * was killed, had reserved and not issued is known not to be there: that is UNKNOWN. A key that is submitted again gets an id of before,
     * others those of the next reservation.
     */
    private static List<Long> behindTheLast(History history, int life) {
        Map<Integer, Long> highest = new TreeMap<>();
        history.all(Stored.class)
                .filter(stored -> stored.place().life() == life)
                .filter(stored -> new TaskId(stored.taskId()).sequence() > (long) life * SequenceLimits.STEP)
                .forEach(stored ->
                        highest.merge(new TaskId(stored.taskId()).partition().value(), stored.taskId(), Math::max));
        return highest.values().stream()
                .flatMap(id -> List.of(id + 1, id + 1_000).stream())
                .toList();
    }
}
