package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A disk that is full: submits are refused, everything else goes on, and nothing that was acknowledged is lost. */
@Tag("suite-disk")
class FullDiskTest {

    private static final Logger LOG = LoggerFactory.getLogger(FullDiskTest.class);
    private static final int MEBIBYTES = 14;
    private static final int OF_OTHERS = 3 << 20;
    private static final int PAYLOAD = 10_000;
    private static final int LONG_TRIALS = Integer.getInteger("holdfast.trials", 5);

    /** Home of a JDK beside the one that runs the tests, to repeat the long part with. */
    private static final String OTHER_JDK = "holdfast.java25.home";

    @RegisterExtension
    static final Figures FIGURES = new Figures("disk");

    @TempDir
    Path folder;

    @Test
    void aFullTmpfsRefusesSubmitsAndLosesNothing() throws Exception {
        Needs.mounts();
        trial(folder, SyncPolicy.OS, false, thisJdk());
    }

    @ParameterizedTest
    @EnumSource(SyncPolicy.class)
    @Tag("faults")
    void manyFullDisksRefuseSubmitsAndLoseNothing(SyncPolicy sync) throws Exception {
        Needs.loopDevices();
        for (int trial = 0; trial < LONG_TRIALS; trial++) {
            trial(folder.resolve("tmpfs-" + trial), sync, false, thisJdk());
            trial(folder.resolve("ext4-" + trial), sync, true, thisJdk());
        }
    }

    @ParameterizedTest
    @EnumSource(SyncPolicy.class)
    @Tag("faults")
    void theSameHoldsOnAnotherJdk(SyncPolicy sync) throws Exception {
        Needs.loopDevices();
        String home = System.getProperty(OTHER_JDK, System.getenv().getOrDefault("JAVA25_HOME", ""));
        assumeTrue(!home.isEmpty(), "needs another JDK: -D" + OTHER_JDK + "=HOME, or JAVA25_HOME");
        for (int trial = 0; trial < LONG_TRIALS; trial++) {
            trial(folder.resolve("tmpfs-" + trial), sync, false, Path.of(home));
            trial(folder.resolve("ext4-" + trial), sync, true, Path.of(home));
        }
    }

    private static Path thisJdk() {
        return Path.of(System.getProperty("java.home"));
    }

    private static void trial(Path folder, SyncPolicy sync, boolean ext4, Path jdk) throws Exception {
        java.nio.file.Files.createDirectories(folder);
        FIGURES.trial();
        long started = System.nanoTime();
        try (SmallDisk disk = ext4 ? SmallDisk.ext4(folder, MEBIBYTES) : SmallDisk.tmpfs(folder, MEBIBYTES)) {
            DiskChild.Start start = new DiskChild.Start(folder, disk.path().resolve("data"), sync).with(jdk);
            Trial trial = new Trial(disk, start);
            trial.run();
            LOG.info(
                    "disk: sync={}, ext4={}, stored={}, results={}, disposed={}, ended while it was full={}, millis={}",
                    sync,
                    ext4,
                    trial.stored.size(),
                    trial.seen.size(),
                    trial.disposed.size(),
                    trial.endedWhileFull,
                    (System.nanoTime() - started) / 1_000_000);
        }
    }

    /** One disk that is filled, by the node and by others, and emptied. */
    private static final class Trial {

        private final SmallDisk disk;
        private final DiskChild.Start start;
        private final Map<Long, String> stored = new LinkedHashMap<>();
        private final Map<Long, String> seen = new LinkedHashMap<>();
        private final List<Long> disposed = new ArrayList<>();
        private int endedWhileFull;

        Trial(SmallDisk disk, DiskChild.Start start) {
            this.disk = disk;
            this.start = start;
        }

        void run() throws Exception {
            disk.take(OF_OTHERS);
            try (DiskChild child = DiskChild.ready(start)) {
                theNodeFillsIt(child);
                freedSpaceLetsItGoOn(child);
                othersTakeTheReserve(child);
                child.kill();
                child.hasNotCrashed();
            }
            aStartOnAFullDisk();
            everythingIsThere();
        }

        private void theNodeFillsIt(DiskChild child) throws Exception {
            child.ask("HOLD");
            isRefusedForSpace(child, child.submit("fill", DiskNode.CAPACITY, PAYLOAD, stored));
            assertThat(stored).as("some were stored before").hasSizeGreaterThan(20);
            // nothing is given back yet: what ends and removes the accepted ones is written to what was kept for it
            child.ask("RELEASE");
            seeAll(child);
            endedWhileFull = seen.size();
            for (long id : List.copyOf(stored.keySet()).subList(0, stored.size() / 2)) {
                assertThat(child.ask("DISPOSE " + id)).containsExactly("DISPOSED " + id);
                disposed.add(id);
            }
        }

        private void freedSpaceLetsItGoOn(DiskChild child) throws Exception {
            disk.giveBack();
            int before = stored.size();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> child.submit("again-" + stored.size(), 3, PAYLOAD, stored)
                            .isEmpty());
            assertThat(stored.size()).isGreaterThan(before);
            seeAll(child);
        }

        private void othersTakeTheReserve(DiskChild child) throws Exception {
            child.ask("HOLD");
            child.submit("held", 10, PAYLOAD, stored);
            disk.takeEverything();
            assertThat(disk.freeBytes()).isZero();
            child.ask("RELEASE");
            isRefusedForSpace(child, child.submit("refused", DiskNode.CAPACITY, PAYLOAD, stored));
            for (Map.Entry<Long, String> result : seen.entrySet()) { // reads go on
                if (!disposed.contains(result.getKey())) {
                    assertThat(child.result(result.getKey())).endsWith(result.getValue());
                }
            }
            disposeUntilThereIsRoom(child);
            seeAll(child);
        }

        /** Nothing is kept for the node any more: what does not fit into blocks that it has waits for room, as the ends of tasks do. */
        private void disposeUntilThereIsRoom(DiskChild child) throws Exception {
            long id = seen.keySet().stream()
                    .filter(each -> !disposed.contains(each))
                    .findFirst()
                    .orElseThrow();
            child.tell("DISPOSE " + id);
            disk.giveBack();
            assertThat(child.answers()).containsExactly("DISPOSED " + id);
            disposed.add(id);
        }

        private void aStartOnAFullDisk() throws Exception {
            disk.takeEverything();
            try (DiskChild child = DiskChild.start(start)) {
                String said = child.next();
                if (said.equals("READY")) {
                    long any = seen.keySet().stream()
                            .filter(id -> !disposed.contains(id))
                            .findFirst()
                            .orElseThrow();
                    assertThat(child.result(any)).isEqualTo("SEEN " + any + " " + seen.get(any));
                } else {
                    assertThat(said).as("it says why it does not start").startsWith("REFUSES HF-");
                }
                child.kill();
                child.hasNotCrashed();
            }
            disk.giveBack();
        }

        private void everythingIsThere() throws Exception {
            try (DiskChild child = DiskChild.ready(start)) {
                for (long id : stored.keySet()) {
                    String expected =
                            disposed.contains(id) ? "STALE " + id + " DISPOSED" : "SEEN " + id + " " + seen.get(id);
                    assertThat(child.result(id)).isEqualTo(expected);
                }
                child.ask("CLOSE");
                child.hasNotCrashed();
            }
        }

        private void seeAll(DiskChild child) throws Exception {
            for (Map.Entry<Long, String> task : stored.entrySet()) {
                long id = task.getKey();
                if (seen.containsKey(id)) {
                    continue;
                }
                String answer = child.result(id);
                assertThat(answer).startsWith("SEEN " + id + " " + task.getValue() + "=");
                seen.put(id, answer.split(" ", 3)[2]);
            }
        }

        private static void isRefusedForSpace(DiskChild child, String refusal) throws Exception {
            assertThat(refusal).as("refused; see %s", child.tail()).contains(" HF-0501 RejectedExecutionException ");
        }
    }
}
