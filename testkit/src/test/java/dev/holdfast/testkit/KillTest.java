package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.HistoryEvent.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
        LivesOfANode node = new LivesOfANode(folder, new History());
        for (int kill = 0; kill < kills; kill++) {
            liveAndDie(node, sync, random);
            node.history().nextLife();
        }
        liveToTheEnd(node, sync, random);

        String figures = "sync=" + sync + ", kills=" + kills + ", " + node.counts() + ", holdfast.seed=" + seed;
        LOG.info(figures);
        node.check(figures, kills);
    }

    private void liveAndDie(LivesOfANode node, SyncPolicy sync, SplittableRandom random) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        int life = node.history().life();
        try (ChildJvm child = start(node, sync, random.nextLong(), false, ready)) {
            // One kill in four may hit the start and the recovery; the others hit the load.
            long delayMillis;
            if (random.nextInt(4) == 0) {
                delayMillis = random.nextInt(1_200);
            } else {
                assertThat(ready.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as("life=%s started; see %s", life, node.errors())
                        .isTrue();
                // However slow the machine is: a life that has stored nothing shows little.
                await().atMost(LIMIT)
                        .until(() -> !child.isAlive() || storedIn(node.history(), life) >= STORED_AT_LEAST);
                delayMillis = random.nextInt(400);
            }
            boolean endedByItself = awaitEnd(child, delayMillis);
            assertThat(endedByItself)
                    .as("life=%s ended by itself; see %s", life, node.tail())
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

    private void liveToTheEnd(LivesOfANode node, SyncPolicy sync, SplittableRandom random) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (ChildJvm child = start(node, sync, random.nextLong(), true, ready)) {
            assertThat(child.await(LIMIT))
                    .as("the last life ends well; see %s", node.tail())
                    .isZero();
        }
    }

    private ChildJvm start(LivesOfANode node, SyncPolicy sync, long seed, boolean last, CountDownLatch ready)
            throws IOException {
        return ChildJvm.of(KillWorkload.class)
                .shortLived()
                .flags("-Xmx256m")
                .arguments(
                        node.data().toString(),
                        sync.name(),
                        Integer.toString(node.history().life()),
                        Long.toString(seed),
                        node.knownFile().toString(),
                        Boolean.toString(last))
                .errorsTo(node.errors())
                .lines(line -> {
                    if (line.equals("READY")) {
                        ready.countDown();
                    } else if (!line.equals("FINISHED")) {
                        node.history().add(line);
                    }
                })
                .start();
    }
}
