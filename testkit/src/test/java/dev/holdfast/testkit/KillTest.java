package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.HistoryEvent.Disposed;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Seen;
import dev.holdfast.testkit.HistoryEvent.Stored;
import dev.holdfast.testkit.HistoryEvent.Submitting;
import dev.holdfast.testkit.check.Invariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node under load is killed with SIGKILL at random moments and started again, many times; then I1-I7, I9, I10 and I14 are
 * checked from what it said before each death. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
class KillTest {

    private static final Logger LOG = LoggerFactory.getLogger(KillTest.class);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int STORED_AT_LEAST = 10;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{1} kills under sync {0}")
    @CsvSource({"OS, 8", "INTERVAL, 6", "ALWAYS, 6"})
    void nothingThatWasSaidIsTakenBack(SyncPolicy sync, int kills) throws Exception {
        killAndCheck(sync, kills);
    }

    @ParameterizedTest(name = "{1} kills under sync {0}, long")
    @CsvSource({"OS, 70", "INTERVAL, 65", "ALWAYS, 65"})
    @Tag("faults")
    @Tag("suite-kill")
    void nothingThatWasSaidIsTakenBackInTheLongRun(SyncPolicy sync, int kills) throws Exception {
        killAndCheck(sync, kills);
    }

    @Test
    void aChildThatIsKilledHasSaidOnlyWholeLines() throws Exception {
        java.io.StringReader said = new java.io.StringReader("STORED a 1\nSTORED b 2\nSTOR");
        java.util.ArrayList<String> lines = new java.util.ArrayList<>();
        WholeLines.forEach(said, lines::add);
        assertThat(lines).containsExactly("STORED a 1", "STORED b 2");
    }

    private void killAndCheck(SyncPolicy sync, int kills) throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        History history = new History();
        for (int kill = 0; kill < kills; kill++) {
            liveAndDie(history, sync, random);
            history.nextLife();
        }
        liveToTheEnd(history, sync, random);

        String figures = figures(history, sync, kills, seed);
        LOG.info(figures);
        assertThat(Invariant.allViolations(history)).as(figures).isEmpty();
        assertThat(history.all(Seen.class).filter(seen -> seen.value().contains("unexpected")))
                .as(figures)
                .isEmpty();
        assertThat(history.all(Stored.class).count()).as(figures).isGreaterThan(kills);
        assertThat(history.all(Disposed.class).count()).as(figures).isPositive();
    }

    private void liveAndDie(History history, SyncPolicy sync, SplittableRandom random) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        int life = history.life();
        try (ChildJvm child = start(history, sync, random.nextLong(), false, ready)) {
            // One kill in four may hit the start and the recovery; the others hit the load.
            long delayMillis;
            if (random.nextInt(4) == 0) {
                delayMillis = random.nextInt(1_200);
            } else {
                assertThat(ready.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as("life=%s started; see %s", life, errors())
                        .isTrue();
                // However slow the machine is: a life that has stored nothing shows little.
                await().atMost(LIMIT).until(() -> !child.isAlive() || storedIn(history, life) >= STORED_AT_LEAST);
                delayMillis = random.nextInt(400);
            }
            boolean endedByItself = awaitEnd(child, delayMillis);
            assertThat(endedByItself)
                    .as("life=%s ended by itself; see %s", history.life(), tail())
                    .isFalse();
            child.kill();
        }
    }

    private static long storedIn(History history, int life) {
        return history.all(Stored.class)
                .filter(stored -> stored.place().life() == life)
                .count();
    }

    private static boolean awaitEnd(ChildJvm child, long millis) throws InterruptedException {
        return ProcessHandle.of(child.pid())
                .map(handle -> {
                    try {
                        handle.onExit().get(millis, TimeUnit.MILLISECONDS);
                        return true;
                    } catch (java.util.concurrent.TimeoutException e) {
                        return false;
                    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .orElse(true);
    }

    private void liveToTheEnd(History history, SyncPolicy sync, SplittableRandom random) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (ChildJvm child = start(history, sync, random.nextLong(), true, ready)) {
            assertThat(child.await(LIMIT))
                    .as("the last life ends well; see %s", tail())
                    .isZero();
        }
    }

    private ChildJvm start(History history, SyncPolicy sync, long seed, boolean last, CountDownLatch ready)
            throws IOException {
        Path known = Files.write(folder.resolve("known.txt"), known(history));
        return ChildJvm.of(KillWorkload.class)
                .shortLived()
                .flags("-Xmx256m")
                .arguments(
                        folder.resolve("data").toString(),
                        sync.name(),
                        Integer.toString(history.life()),
                        Long.toString(seed),
                        known.toString(),
                        Boolean.toString(last))
                .errorsTo(errors())
                .lines(line -> {
                    if (line.equals("READY")) {
                        ready.countDown();
                    } else if (!line.equals("FINISHED")) {
                        history.add(line);
                    }
                })
                .start();
    }

    /** All ids that anybody was told of, and the keys whose submit was never answered. */
    private static List<String> known(History history) {
        Set<String> answered = history.all(Stored.class).map(Stored::token).collect(Collectors.toSet());
        Set<String> known = new LinkedHashSet<>();
        history.all(Stored.class).forEach(stored -> known.add(Long.toString(stored.taskId())));
        history.all(Submitting.class)
                .filter(submitting -> submitting.keyed() && !answered.contains(submitting.token()))
                .forEach(submitting -> known.add("key " + submitting.token()));
        return List.copyOf(known);
    }

    private Path errors() {
        return folder.resolve("errors.txt");
    }

    private String tail() throws IOException {
        try (Stream<String> lines = Files.lines(errors())) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
        }
    }

    private static String figures(History history, SyncPolicy sync, int kills, long seed) {
        return "sync=" + sync + ", kills=" + kills + ", stored="
                + history.all(Stored.class).count() + ", ran="
                + history.all(Ran.class).count() + ", seen="
                + history.all(Seen.class).count() + ", disposed="
                + history.all(Disposed.class).count() + ", holdfast.seed=" + seed;
    }
}
