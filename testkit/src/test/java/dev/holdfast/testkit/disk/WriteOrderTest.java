package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every write of a node's file system is recorded, and put together again as a loss of power may have left it: what was not
 * flushed is missing in part, out of order, and torn. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
@Tag("suite-power")
class WriteOrderTest {

    private static final Logger LOG = LoggerFactory.getLogger(WriteOrderTest.class);
    private static final int MEBIBYTES = 48;
    private static final int LONG_STATES = 10_000;
    private static final int LONG_RECORDINGS = 10;
    private static final int OPERATIONS = 100;
    private static final int LONG_OPERATIONS = 600;
    private static final int COLLECT_EVERY = 10;

    /** A start that issues an id makes a segment, which takes its time. */
    private static final int ISSUE_EVERY = 5;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    /** What a set of states showed. */
    private record Figures(int states, int violating, int missing, List<String> violations) {}

    /** How a crash leaves the disk. */
    private interface Crash {
        void leave(long position, Path image) throws IOException;
    }

    /** And of a disk that lies, which has lost what it said it had kept, the same search tells: it can fail. */
    @Test
    void underAlwaysNothingIsMissingInAnyOrderOfTheWritesButOnADiskThatLies() throws Exception {
        Needs.blockRecorder();
        Recording recording = record("always", SyncPolicy.ALWAYS, OPERATIONS);
        Figures figures = states(recording, 50);
        assertThat(figures.violations()).as("holdfast.seed=%s", seed).isEmpty();
        assertThat(figures.missing()).as("holdfast.seed=%s", seed).isZero();
        assertThat(lies(recording, 3).violating())
                .as("found of 3 disks that lied, holdfast.seed=%s", seed)
                .isEqualTo(3);
    }

    @Test
    @Tag("faults")
    void underAlwaysNothingIsMissingInThousandsOfOrders() throws Exception {
        Needs.blockRecorder();
        int states = Integer.getInteger("holdfast.trials", LONG_STATES);
        for (int i = 0; i < LONG_RECORDINGS; i++) {
            Recording recording = record("always-" + i, SyncPolicy.ALWAYS, LONG_OPERATIONS);
            Figures figures = states(recording, states / LONG_RECORDINGS);
            assertThat(figures.violations()).as("holdfast.seed=%s", seed).isEmpty();
            assertThat(figures.missing()).as("holdfast.seed=%s", seed).isZero();
        }
    }

    /** Without forces something is missing, as it may be: a search that finds nothing there could not fail. */
    @ParameterizedTest
    @EnumSource(names = {"OS", "INTERVAL"})
    @Tag("faults")
    void withoutForcesEachStateIsABeginningOfTheLog(SyncPolicy sync) throws Exception {
        Needs.blockRecorder();
        int states = Integer.getInteger("holdfast.trials", LONG_STATES) / LONG_RECORDINGS;
        Figures figures = states(record(sync.name(), sync, LONG_OPERATIONS), states);
        assertThat(figures.violations()).as("holdfast.seed=%s", seed).isEmpty();
        assertThat(figures.missing()).as("holdfast.seed=%s", seed).isPositive();
    }

    private Recording record(String name, SyncPolicy sync, int operations) throws Exception {
        return Recording.of(folder.resolve(name), sync, MEBIBYTES, operations, random.nextLong());
    }

    private Figures states(Recording recording, int count) throws Exception {
        BlockLog blocks = recording.blocks();
        List<Long> positions = blocks.positions(recording.first(), recording.last(), count, random);
        String found = "write order, writes=" + blocks.writes() + ", flushes=" + blocks.flushes();
        return check(recording, found, positions, (position, image) -> blocks.writeState(position, random, image));
    }

    /** Disks that have lost the second half of what they had said to be kept. */
    private Figures lies(Recording recording, int count) throws Exception {
        BlockLog blocks = recording.blocks();
        long middle = (recording.first() + recording.last()) / 2;
        List<Long> positions = blocks.positions(recording.last() - 1, recording.last(), count, random);
        return check(recording, "disks that lie", positions, (position, image) -> blocks.writePast(middle, image));
    }

    private Figures check(Recording recording, String what, List<Long> positions, Crash crash) throws Exception {
        long started = System.nanoTime();
        List<String> violations = new ArrayList<>();
        int violating = 0;
        int missing = 0;
        long acknowledged = 0;
        for (int i = 0; i < positions.size(); i++) {
            CrashState state = new CrashState(recording, positions.get(i), "boot-" + i);
            Path image = folder.resolve("state-" + i + ".img");
            crash.leave(positions.get(i), image);
            try (Ext4Image disk = Ext4Image.of(image, folder.resolve("state"))) {
                disk.mount();
                state.check(disk.path().resolve("data"), i % ISSUE_EVERY == 0);
            } finally {
                Files.deleteIfExists(image);
            }
            acknowledged += state.acknowledged();
            missing += state.missing().isEmpty() ? 0 : 1;
            violating += state.violations().isEmpty() ? 0 : 1;
            violations.addAll(state.violations());
            if (i % COLLECT_EVERY == 0) {
                System.gc(); // mapped files keep their file system busy until then
            }
        }
        LOG.info(
                "power: {}, sync={}, states={}, violations={}, states-with-something-missing={},"
                        + " acknowledged-per-state={}, millis={}, holdfast.seed={}",
                what,
                recording.sync(),
                positions.size(),
                violating,
                missing,
                acknowledged / Math.max(1, positions.size()),
                (System.nanoTime() - started) / 1_000_000,
                seed);
        return new Figures(positions.size(), violating, missing, violations);
    }
}
