package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.disk.RecordedNode.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every write of a node's file system is recorded, and put together again as a loss of power may have left it: what was not
 * flushed is missing in part, out of order, and torn. The node rolls its log, replaces segments by a checkpoint, and is started
 * again in between. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
@Tag("suite-power")
class WriteOrderTest {

    private static final int MEBIBYTES = 64;
    private static final int STATES = 50;
    private static final int LONG_STATES = 10_000;
    private static final int LONG_RECORDINGS = 10;
    private static final int RECORDINGS_WITHOUT_FORCES = 2;
    private static final int OPERATIONS = 160;
    private static final int LONG_OPERATIONS = 600;
    private static final int COLLECT_EVERY = 10;

    /** Every second state is within so many writes of one that makes, publishes or deletes a file of a log. */
    private static final int NEAR = 12;

    private static final int LIES = 6;

    /** What a disk that lies has not kept: some milliseconds of writes. */
    private static final int UNKEPT = 200;

    /** A start that issues an id makes a segment, which takes its time. */
    private static final int ISSUE_EVERY = 5;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    /** And of a disk that ignores flushes, which has lost what it said it had kept, the same search tells: it can fail. */
    @Test
    void underAlwaysNothingIsMissingInAnyOrderOfTheWritesButOnADiskThatLies() throws Exception {
        Recording recording;
        try (PowerFigures figures = PowerFigures.of("write-order", SyncPolicy.ALWAYS, STATES, seed)) {
            figures.needs(Needs::blockRecorder);
            recording = record("always", SyncPolicy.ALWAYS, End.KILLED, OPERATIONS, figures);
            check(recording, recording.blocks(), positions(recording, STATES), figures);
            figures.noneIsViolated();
            assertThat(figures.sum("states-behind-a-deletion"))
                    .as("%s", figures)
                    .isPositive();
        }
        try (PowerFigures lies = PowerFigures.ofControl("write-order-lies", SyncPolicy.ALWAYS, LIES, seed)) {
            long middle = (recording.first() + recording.last()) / 2;
            List<Long> positions = recording.blocks().positions(middle, recording.last(), LIES, random);
            assertThat(positions).as("%s", lies).doesNotHaveDuplicates();
            check(recording, recording.blocksOfDiskThatLies(UNKEPT), positions, lies);
            // not only file systems that are broken: something that was acknowledged is gone, or is told to be damaged
            assertThat(lies.violating()).as("%s", lies).isEqualTo(LIES);
            assertThat(lies.violating() - lies.sum("not-mounted"))
                    .as("%s", lies)
                    .isPositive();
        }
    }

    @Test
    @Tag("faults")
    void underAlwaysNothingIsMissingInThousandsOfOrders() throws Exception {
        search("write-order-long", SyncPolicy.ALWAYS, LONG_RECORDINGS, states());
    }

    /** Without forces something is missing, as it may be: a search that finds nothing there could not fail. */
    @ParameterizedTest
    @EnumSource(names = {"OS", "INTERVAL"})
    @Tag("faults")
    void withoutForcesEachStateIsABeginningOfTheLog(SyncPolicy sync) throws Exception {
        PowerFigures figures = search("write-order-long", sync, RECORDINGS_WITHOUT_FORCES, states() / LONG_RECORDINGS);
        assertThat(figures.sum("states-with-something-missing"))
                .as("%s", figures)
                .isPositive();
    }

    private static int states() {
        return Integer.getInteger("holdfast.trials", LONG_STATES);
    }

    private PowerFigures search(String what, SyncPolicy sync, int recordings, int states) throws Exception {
        try (PowerFigures figures = PowerFigures.of(what, sync, states / recordings * recordings, seed)) {
            figures.needs(Needs::blockRecorder);
            for (int i = 0; i < recordings; i++) {
                End firstEnds = i % 2 == 0 ? End.KILLED : End.CLOSED;
                Recording recording = record(sync + "-" + i, sync, firstEnds, LONG_OPERATIONS, figures);
                check(recording, recording.blocks(), positions(recording, states / recordings), figures);
            }
            figures.noneIsViolated();
            return figures;
        }
    }

    private Recording record(String name, SyncPolicy sync, End firstEnds, int operations, PowerFigures figures)
            throws Exception {
        Recording recording = Recording.of(
                folder.resolve(name), new Recording.Plan(sync, MEBIBYTES, firstEnds, operations), random.split());
        figures.add("rolls", recording.rolls());
        figures.add("checkpoints", recording.checkpoints());
        figures.add("deleted-segments", recording.deleted());
        figures.add("writes", recording.blocks().writes());
        figures.add("flushes", recording.blocks().flushes());
        return recording;
    }

    private List<Long> positions(Recording recording, int count) throws IOException {
        BlockLog blocks = recording.blocks();
        List<Long> positions = new ArrayList<>(blocks.positionsNear(
                recording.changesOfFiles(), NEAR, recording.first(), recording.last(), count / 2, random));
        positions.addAll(blocks.positions(recording.first(), recording.last(), count - count / 2, random));
        Collections.sort(positions);
        return positions;
    }

    private void check(Recording recording, BlockLog blocks, List<Long> positions, PowerFigures figures)
            throws Exception {
        for (int i = 0; i < positions.size(); i++) {
            CrashState state = new CrashState(recording, positions.get(i), "boot-" + i);
            boolean issues = i % ISSUE_EVERY == 0;
            figures.trial(() -> violations(state, blocks, issues, figures));
            figures.add("states-with-something-missing", state.missing().isEmpty() ? 0 : 1);
            figures.add("states-behind-a-deletion", recording.hasDeletedBefore(positions.get(i)) ? 1 : 0);
            figures.add("acknowledged", state.acknowledged());
            if (i % COLLECT_EVERY == 0) {
                System.gc(); // mapped files keep their file system busy until then
            }
        }
    }

    private List<String> violations(CrashState state, BlockLog blocks, boolean issues, PowerFigures figures)
            throws IOException {
        Path image = folder.resolve("state.img");
        blocks.writeState(state.position(), random, image);
        try (Ext4Image disk = Ext4Image.of(image, folder.resolve("state"))) {
            if (mounts(disk)) {
                state.check(disk.path().resolve("data"), issues);
            } else {
                figures.add("not-mounted", 1);
                state.isNotMounted();
            }
        } finally {
            Files.deleteIfExists(image);
        }
        return state.violations();
    }

    private static boolean mounts(Ext4Image disk) throws IOException {
        try {
            disk.mount();
            return true;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("losetup")) {
                throw e;
            }
            return false;
        }
    }
}
