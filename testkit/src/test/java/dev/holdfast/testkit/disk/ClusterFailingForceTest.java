package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.testkit.Figures;
import dev.holdfast.testkit.HoldfastCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
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
    private static final int MEMBERS = 3;
    private static final int TASKS = 12;
    private static final int TRIALS = Integer.getInteger("holdfast.trials", 5);

    @RegisterExtension
    static final Figures FIGURES = new Figures("io");

    @TempDir
    Path folder;

    /** For good, or once for each thread and then success, with the data gone. The leader of the control plane in every other trial. */
    @ParameterizedTest
    @ValueSource(strings = {"error=EIO", "error=EIO:when=1"})
    void theOthersTakeOverFromAMemberWhoseForcesFail(String injection) throws Exception {
        Needs.strace();
        for (int trial = 0; trial < TRIALS; trial++) {
            trial(Files.createDirectories(folder.resolve("t" + trial)), injection, trial % 2 == 0);
        }
    }

    private static void trial(Path place, String injection, boolean ofLeader) throws Exception {
        long started = System.nanoTime();
        FIGURES.trial();
        ClusterDisks told = new ClusterDisks();
        int refused;
        long takenOver;
        try (HoldfastCluster cluster = HoldfastCluster.of(MEMBERS)
                .directory(place)
                .partitions(4)
                .sync(SyncPolicy.ALWAYS)
                .inProcesses()
                .start()) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(ClusterDisks.EXECUTOR);
            assertThat(told.submit(executor, "first", TASKS)).isZero();
            told.see(executor);
            int leader =
                    number(report(cluster, 0), String.valueOf(report(cluster, 0).leader()));
            int failing = ofLeader ? leader : (leader + 1) % MEMBERS;
            int sound = (failing + 1) % MEMBERS;
            String id = report(cluster, failing).node();
            Process strace = attach(place, pidOf(cluster.directory(failing)), injection);
            try {
                long failed = System.nanoTime();
                refused = told.submit(executor, "while", TASKS);
                await().atMost(SOON).until(() -> saidWhy(place, failing));
                await().atMost(SOON)
                        .until(() -> report(cluster, sound).partitions().stream()
                                .noneMatch(copies -> copies.primary().equals(id)));
                assertThat(told.submit(executor, "without", TASKS)).isZero();
                takenOver = System.nanoTime() - failed;
                assertThat(told.missing(executor)).isEmpty();
                await().atMost(SOON)
                        .until(() -> report(cluster, sound).partitions().stream()
                                .noneMatch(copies -> copies.replicas().contains(id)));
                assertThat(report(cluster, failing).member(id))
                        .hasValueSatisfying(
                                member -> assertThat(member.problem()).contains("[HF-0503]"));
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
                "io: cluster, injection={}, members={}, leader={}, stored={}, refused={}, takenOverMillis={},"
                        + " millis={}",
                injection,
                MEMBERS,
                ofLeader,
                told.stored(),
                refused,
                takenOver / 1_000_000,
                (System.nanoTime() - started) / 1_000_000);
    }

    private static ClusterReport report(HoldfastCluster cluster, int member) throws IOException {
        return AdminClient.connect(cluster.directory(member)).report();
    }

    private static int number(ClusterReport report, String id) {
        String name = report.nameOf(id);
        return Integer.parseInt(name.substring(name.indexOf('-') + 1));
    }

    private static boolean saidWhy(Path place, int member) throws IOException {
        for (String ending : new String[] {".err", ".log"}) {
            Path said = place.resolve("node-" + member + ending);
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
        Process strace = new ProcessBuilder(Strace.attached(place.resolve("calls.txt"), pid, injection))
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("strace.txt").toFile())
                .start();
        await().atMost(SOON)
                .until(() ->
                        Files.readString(Path.of("/proc/" + pid + "/status")).contains("TracerPid:\t" + strace.pid()));
        return strace;
    }
}
