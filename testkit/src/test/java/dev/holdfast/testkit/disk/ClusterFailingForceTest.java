package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.HoldfastCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member's disk fails its forces: the others take over, and nothing is lost. */
@Tag("suite-io")
@Tag("faults")
class ClusterFailingForceTest {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterFailingForceTest.class);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern HOLDER = Pattern.compile("pid=(\\d+)");
    private static final int TASKS = 12;
    private static final int TRIALS = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"error=EIO", "error=EIO:when=1"})
    void theOthersTakeOverFromAMemberWhoseForcesFail(String injection) throws Exception {
        Needs.strace();
        int trials = Integer.getInteger("holdfast.trials", TRIALS);
        for (int trial = 0; trial < trials; trial++) {
            trial(Files.createDirectories(folder.resolve("trial-" + trial)), injection);
        }
    }

    private static void trial(Path place, String injection) throws Exception {
        ClusterDisks told = new ClusterDisks();
        int refused;
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                .directory(place.resolve("members"))
                .partitions(4)
                .sync(SyncPolicy.ALWAYS)
                .inProcesses()
                .start()) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(ClusterDisks.EXECUTOR);
            assertThat(told.submit(executor, "first", TASKS)).isZero();
            told.see(executor);
            int failing = cluster.primaryOf(told.anyId());
            Process strace = attach(place, pidOf(cluster.directory(failing)), injection);
            try {
                refused = told.submit(executor, "while", TASKS);
                await().atMost(SOON).until(() -> saidWhy(place, failing));
                await().atMost(SOON).until(() -> cluster.primaryOf(told.anyId()) != failing);
                assertThat(told.submit(executor, "without", TASKS)).isZero();
                assertThat(told.missing(executor)).isEmpty();
            } finally {
                strace.destroy();
                assertThat(strace.waitFor()).isNotNegative();
            }
            cluster.kill(failing);
            cluster.restart(failing); // on another disk, as it were
            cluster.awaitHealthy();
            assertThat(told.missing(executor)).isEmpty();
        }
        LOG.info(
                "io: cluster, injection={}, members=3, stored={}, refused={}, lost=0",
                injection,
                told.stored(),
                refused);
    }

    private static boolean saidWhy(Path place, int member) throws IOException {
        for (String ending : new String[] {".err", ".log"}) {
            Path said = place.resolve("members").resolve("node-" + member + ending);
            if (Files.exists(said) && Files.readString(said).contains("[HF-0503]")) {
                return true;
            }
        }
        return false;
    }

    private static long pidOf(Path directory) throws IOException {
        String holder = Files.readString(directory.resolve("node.lock"));
        Matcher pid = HOLDER.matcher(holder);
        assertThat(pid.find()).as("names its holder: %s", holder).isTrue();
        return Long.parseLong(pid.group(1));
    }

    /** From now on forces fail; returns when they do. */
    private static Process attach(Path place, long pid, String injection) throws IOException {
        Path calls = place.resolve("calls.txt");
        Process strace = new ProcessBuilder(Strace.attached(calls, pid, injection))
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("strace.txt").toFile())
                .start();
        await().atMost(SOON)
                .until(() ->
                        Files.readString(Path.of("/proc/" + pid + "/status")).contains("TracerPid:\t" + strace.pid()));
        return strace;
    }
}
