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
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A node under load loses its power: its file system is shut down under it, without a last write, and mounted again. Its load
 * rolls the log, and has segments replaced by checkpoints. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
@Tag("suite-power")
class PowerLossTest {

    private static final String WORKLOAD = "dev.holdfast.testkit.KillWorkload";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int MEBIBYTES = 256;
    private static final int SERVED_AT_LEAST = 20;

    private static final int LOOK_MILLIS = 2;
    private static final int AFTER_MILLIS = 400;
    private static final int WHILE_MILLIS = 10;

    /** When a life ends, once it has served something. */
    private enum Moment {
        /** A node that was killed before replaces what it had then, and may not have rolled its log since. */
        BEHIND_A_CHECKPOINT,
        BEHIND_A_CHECKPOINT_AND_A_ROLL,
        WHILE_ONE_IS_WRITTEN,
        ANY
    }

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

        synchronized int takeCount() {
            int count = lines.size();
            lines.clear();
            return count;
        }
    }

    @ParameterizedTest(name = "under sync {0}, killed before: {1}")
    @CsvSource({"ALWAYS, false", "OS, true", "INTERVAL, false"})
    void whatMayNotBeLostIsThereAfterAPowerLoss(SyncPolicy sync, boolean killedBefore) throws Exception {
        try (PowerFigures figures = PowerFigures.of("loss", sync, 1, seed)) {
            figures.needs(Needs::loopDevices);
            figures.trial(() -> trial(folder, sync, killedBefore, Moment.BEHIND_A_CHECKPOINT_AND_A_ROLL, figures));
            figures.noneIsViolated();
            itsLogIsRolledAndReplaced(figures);
        }
    }

    @ParameterizedTest(name = "{1} under sync {0}, long")
    @CsvSource({"ALWAYS, 20", "OS, 15", "INTERVAL, 15"})
    @Tag("faults")
    void whatMayNotBeLostIsThereAfterManyPowerLosses(SyncPolicy sync, int losses) throws Exception {
        int trials = Integer.getInteger("holdfast.trials", losses);
        try (PowerFigures figures = PowerFigures.of("loss-long", sync, trials, seed)) {
            figures.needs(Needs::loopDevices);
            for (int trial = 0; trial < trials; trial++) {
                Path place = Files.createDirectories(folder.resolve("trial-" + trial));
                Moment moment = Moment.values()[trial % Moment.values().length];
                boolean killedBefore = trial % 2 == 0;
                figures.trial(() -> trial(place, sync, killedBefore, moment, figures));
            }
            figures.noneIsViolated();
            itsLogIsRolledAndReplaced(figures);
            if (sync != SyncPolicy.ALWAYS) {
                assertThat(figures.sum("lost-in-part")).as("%s", figures).isPositive();
            }
        }
    }

    private static void itsLogIsRolledAndReplaced(PowerFigures figures) {
        assertThat(figures.sum("rolls")).as("%s", figures).isPositive();
        assertThat(figures.sum("checkpoints")).as("%s", figures).isPositive();
        assertThat(figures.sum("deleted-segments")).as("%s", figures).isPositive();
    }

    private List<String> trial(Path place, SyncPolicy sync, boolean killedBefore, Moment moment, PowerFigures figures)
            throws Exception {
        History history = new History();
        List<Long> probes;
        int losesPower;
        try (Ext4Image disk = Ext4Image.mounted(place, MEBIBYTES)) {
            if (killedBefore) {
                Moment killed = random.nextBoolean() ? Moment.BEHIND_A_CHECKPOINT : Moment.ANY;
                LogWatch unused = live(history, disk, sync, killed, false);
                history.nextLife();
            }
            losesPower = history.life();
            LogWatch files = live(history, disk, sync, moment, true);
            figures.add("rolls", files.rolls());
            figures.add("checkpoints", files.checkpoints());
            figures.add("deleted-segments", files.deleted());
            disk.remount();
            history.nextLife();
            probes = behindTheLast(history, losesPower);
            liveToTheEnd(history, disk, sync, probes);
        }
        figures.add("killed-before", killedBefore ? 1 : 0);
        return violations(history, sync, losesPower, probes, figures);
    }

    private List<String> violations(
            History history, SyncPolicy sync, int losesPower, List<Long> probes, PowerFigures figures) {
        List<String> violations = new ArrayList<>();
        if (sync == SyncPolicy.ALWAYS) {
            violations.addAll(Invariant.allViolations(history));
        }
        violations.addAll(BeginningOfTheLog.violations(history, losesPower, probes));
        history.all(Seen.class)
                .filter(seen -> seen.value().contains("unexpected"))
                .forEach(seen -> violations.add("no answer: " + seen));
        long stored = history.all(Stored.class).count();
        long lost = BeginningOfTheLog.lost(history);
        figures.add("stored", stored);
        figures.add("seen", history.all(Seen.class).count());
        figures.add("lost", lost);
        figures.add("lost-in-part", lost > 0 && lost < stored ? 1 : 0);
        figures.add("answers-of-the-failed-node", unexpected.takeCount());
        assertThat(stored).as("%s", figures).isGreaterThan(SERVED_AT_LEAST);
        return violations;
    }

    /** A life that ends by a kill, or with its power. */
    private LogWatch live(History history, Ext4Image disk, SyncPolicy sync, Moment moment, boolean powerLoss)
            throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        int life = history.life();
        boolean servesOld = life > 0;
        LogWatch files = new LogWatch(disk.path().resolve("data"), name -> {});
        files.look();
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
            awaitMoment(files, moment);
            assertThat(child.isAlive())
                    .as("life=%s goes on; see %s", life, errors())
                    .isTrue();
            files.look();
            if (powerLoss) {
                disk.cutPower();
            }
            child.kill();
        }
        return files;
    }

    private void awaitMoment(LogWatch files, Moment moment) {
        switch (moment) {
            case BEHIND_A_CHECKPOINT -> {
                awaitFiles(files, () -> files.checkpoints() > 0 && files.deleted() > 0);
                parkBriefly(AFTER_MILLIS);
            }
            case BEHIND_A_CHECKPOINT_AND_A_ROLL -> {
                awaitFiles(files, () -> files.checkpoints() > 0 && files.deleted() > 0 && files.rolls() > 0);
                parkBriefly(AFTER_MILLIS);
            }
            case WHILE_ONE_IS_WRITTEN -> {
                int before = files.checkpoints();
                awaitFiles(files, () -> files.isWriting() || files.checkpoints() > before);
                parkBriefly(WHILE_MILLIS);
            }
            case ANY -> parkBriefly(AFTER_MILLIS);
        }
    }

    private static void awaitFiles(LogWatch files, BooleanSupplier condition) {
        await().atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(LOOK_MILLIS))
                .until(() -> {
                    files.look();
                    return condition.getAsBoolean();
                });
    }

    private void parkBriefly(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(millis)));
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
                        "-Dholdfast.max-payload=80KiB",
                        "-Dholdfast.storage.segment-size=256KiB",
                        "-Dholdfast.storage.low-space-watermark=1MiB")
                .arguments(
                        disk.path().resolve("data").toString(),
                        sync.name(),
                        Integer.toString(history.life()),
                        Long.toString(random.nextLong()),
                        Files.write(folder.resolve("known.txt"), known).toString(),
                        Boolean.toString(last),
                        "heavy")
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
