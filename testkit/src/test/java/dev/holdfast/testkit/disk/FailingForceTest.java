package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.Figures;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A disk whose forces fail, lie or are slow, or whose writes are slow. */
@Tag("suite-io")
class FailingForceTest {

    private static final Logger LOG = LoggerFactory.getLogger(FailingForceTest.class);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int TASKS = 60;
    private static final int PAYLOAD = 500;
    private static final int IMAGE_MEBIBYTES = 64;
    private static final int LARGE = 30_000;
    private static final int FOR_A_CHECKPOINT = 160;
    private static final int SLOW_MICROS = 2_000;
    private static final int LONG_TRIALS = Integer.getInteger("holdfast.trials", 10);

    @RegisterExtension
    static final Figures FIGURES = new Figures("io");

    @TempDir
    Path folder;

    /** The kernel reports a failure once, and then success, with the data gone: a retry would acknowledge what is not there. */
    @Test
    void aForceThatFailsOnceStopsTheNodeThoughTheNextWouldSucceed() throws Exception {
        Needs.strace();
        stops(folder, SyncPolicy.ALWAYS, "error=EIO:when=25");
    }

    @ParameterizedTest
    @CsvSource({"ALWAYS, false", "ALWAYS, true", "INTERVAL, false", "INTERVAL, true"})
    @Tag("faults")
    void aForceThatFailsAtAnyTimeStopsTheNode(SyncPolicy sync, boolean forGood) throws Exception {
        Needs.strace();
        for (int trial = 0; trial < LONG_TRIALS; trial++) {
            int when = 3 + 4 * trial;
            stops(folder.resolve("trial-" + trial), sync, "error=EIO:when=" + when + (forGood ? "+" : ""));
        }
    }

    private static void stops(Path folder, SyncPolicy sync, String injection) throws Exception {
        FIGURES.trial();
        Files.createDirectories(folder);
        Path calls = folder.resolve("calls.txt");
        DiskChild.Start sound = new DiskChild.Start(folder, folder.resolve("data"), sync);
        makeDirectory(sound);
        Map<Long, String> stored = new LinkedHashMap<>();
        Map<Long, String> seen = new LinkedHashMap<>();
        try (DiskChild child = DiskChild.ready(sound.under(Strace.forces(calls, injection)))) {
            await().atMost(SOON)
                    .until(() -> !child.submit("t" + stored.size(), 1, PAYLOAD, stored)
                                    .isEmpty()
                            || seeLast(child, stored, seen).isEmpty());
            await().atMost(SOON).until(() -> child.log().contains("[HF-0503]"));
            int forces = Strace.ofSegments(calls).size();
            int acknowledged = stored.size();
            for (int i = 0; i < 5; i++) {
                assertThat(child.submit("late-" + i, 1, PAYLOAD, stored)).contains("HF-");
            }
            assertThat(stored).as("acknowledged after the failure").hasSize(acknowledged);
            assertThat(Strace.ofSegments(calls)).as("forced again").hasSize(forces);
            assertThat(Strace.ofSegments(calls).toString()).contains("INJECTED");
            child.kill();
            child.hasNotCrashed();
        }
        allIsThere(sound, stored, seen);
        LOG.info("io: sync={}, injection={}, stored={}, seen={}", sync, injection, stored.size(), seen.size());
    }

    private static void makeDirectory(DiskChild.Start start) throws Exception {
        try (DiskChild child = DiskChild.ready(start)) {
            child.ask("CLOSE");
        }
    }

    /** What was stored last, if its result comes. */
    private static String seeLast(DiskChild child, Map<Long, String> stored, Map<Long, String> seen) throws Exception {
        long last = stored.keySet().stream().reduce((first, second) -> second).orElseThrow();
        String answer = child.result(last);
        if (!answer.startsWith("SEEN ")) {
            return "";
        }
        String value = answer.split(" ", 3)[2];
        seen.put(last, value);
        return value;
    }

    private static void allIsThere(DiskChild.Start start, Map<Long, String> stored, Map<Long, String> seen)
            throws Exception {
        try (DiskChild child = DiskChild.ready(start)) {
            for (Map.Entry<Long, String> task : stored.entrySet()) {
                long id = task.getKey();
                assertThat(child.result(id))
                        .startsWith("SEEN " + id + " " + seen.getOrDefault(id, task.getValue() + "="));
            }
            child.ask("CLOSE");
        }
    }

    @Test
    void slowForcesOnlyTakeLonger() throws Exception {
        Needs.strace();
        DiskChild.Start start = new DiskChild.Start(folder, folder.resolve("data"), SyncPolicy.ALWAYS);
        Map<Long, String> stored = new LinkedHashMap<>();
        Map<Long, String> seen = new LinkedHashMap<>();
        List<String> slow = Strace.forces(folder.resolve("calls.txt"), "delay_enter=40000");
        try (DiskChild child = DiskChild.ready(start.under(slow))) {
            for (int i = 0; i < 10; i++) {
                assertThat(child.submit("t" + i, 1, PAYLOAD, stored)).isEmpty();
                assertThat(seeLast(child, stored, seen)).isNotEmpty();
            }
            child.kill();
        }
        allIsThere(start, stored, seen);
        LOG.info("io: slow forces, stored={}, seen={}", stored.size(), seen.size());
    }

    /** With segments that are made, cut and deleted, and a checkpoint: every write of those takes long. */
    @Test
    void slowWritesOnlyTakeLonger() throws Exception {
        Needs.strace();
        DiskChild.Start start = new DiskChild.Start(folder, folder.resolve("data"), SyncPolicy.OS);
        Path calls = folder.resolve("calls.txt");
        Map<Long, String> stored = new LinkedHashMap<>();
        Map<Long, String> seen = new LinkedHashMap<>();
        try (DiskChild child = DiskChild.ready(start.under(Strace.writes(calls, "delay_enter=" + SLOW_MICROS)))) {
            for (int i = 0; i < FOR_A_CHECKPOINT; i++) {
                assertThat(child.submit("t" + i, 1, LARGE, stored)).isEmpty();
                assertThat(seeLast(child, stored, seen)).isNotEmpty();
                long id = stored.keySet().stream()
                        .reduce((first, second) -> second)
                        .orElseThrow();
                if (i % 10 != 0) {
                    assertThat(child.ask("DISPOSE " + id)).containsExactly("DISPOSED " + id);
                    stored.remove(id);
                }
            }
            await().atMost(SOON)
                    .until(() -> Files.readString(calls).lines().anyMatch(FailingForceTest::isOfACheckpoint));
            child.kill();
            child.hasNotCrashed();
        }
        allIsThere(start, stored, seen);
        long delayed = Files.readString(calls)
                .lines()
                .filter(call -> call.contains("DELAYED"))
                .count();
        assertThat(delayed).as("delayed writes").isPositive();
        LOG.info("io: slow writes, delayed={}, stored={}, seen={}", delayed, stored.size(), seen.size());
    }

    /** How it ends, and that it was delayed, may be in a line of its own. */
    private static boolean isOfACheckpoint(String call) {
        return call.contains("write") && call.contains("/checkpoint-");
    }

    /** The disk said that it had forced the log, and lost it with the power. The high-water mark, which it kept, tells. */
    @Test
    void aForceThatLiesIsFoundAtTheNextStart() throws Exception {
        Needs.strace();
        Needs.loopDevices();
        assertThat(lies(folder, "retval=0")).as("refused").isEqualTo(TASKS);
    }

    @Test
    @Tag("faults")
    void aDiskThatBeginsToLieAtAnyTimeIsFoundAtTheNextStart() throws Exception {
        Needs.strace();
        Needs.loopDevices();
        for (int trial = 0; trial < LONG_TRIALS; trial++) {
            Path place = Files.createDirectories(folder.resolve("trial-" + trial));
            assertThat(lies(place, "retval=0:when=" + (2 + 5 * trial) + "+"))
                    .as("refused, trial=%s", trial)
                    .isPositive();
        }
    }

    /**
     * What was forced before the disk began to lie may be served.
     *
     * @return how many tasks are refused
     */
    private static int lies(Path folder, String injection) throws Exception {
        FIGURES.trial();
        int refused = 0;
        Map<Long, String> stored = new LinkedHashMap<>();
        try (Ext4Image disk = Ext4Image.mounted(folder, IMAGE_MEBIBYTES)) {
            Path data = disk.path().resolve("data");
            DiskChild.Start start = new DiskChild.Start(folder, data, SyncPolicy.ALWAYS);
            makeDirectory(start);
            List<String> lies = Strace.forces(folder.resolve("calls.txt"), injection);
            try (DiskChild child = DiskChild.ready(start.under(lies))) {
                assertThat(child.submit("t", TASKS, PAYLOAD, stored)).isEmpty();
                assertThat(stored).hasSize(TASKS);
                for (int partition = 0; partition < DiskNode.PARTITIONS; partition++) {
                    forceMark(data.resolve("partition-000" + partition));
                }
                disk.cutPower();
                child.kill();
            }
            disk.remount();
            try (DiskChild child = DiskChild.ready(start)) {
                for (Map.Entry<Long, String> task : stored.entrySet()) {
                    long id = task.getKey();
                    String answer = child.result(id);
                    if (answer.startsWith("SEEN " + id + " " + task.getValue() + "=")) {
                        continue;
                    }
                    assertThat(answer)
                            .as("refused, with the place of the damage")
                            .startsWith("STALE " + id + " HF-0401 ")
                            .contains("partition-000", "offset=");
                    refused++;
                }
                child.kill();
            }
        }
        LOG.info("io: lying forces, injection={}, stored={}, refused={}", injection, stored.size(), refused);
        return refused;
    }

    private static void forceMark(Path partition) throws Exception {
        try (FileChannel mark = FileChannel.open(partition.resolve("high-water"), StandardOpenOption.WRITE)) {
            mark.force(true);
        }
    }
}
