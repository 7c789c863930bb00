package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.cli.ConsoleProcess;
import dev.holdfast.cli.ConsoleProcess.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The demo on a cluster as a user runs it: real processes, a real kill. */
class ClusterDemoTest {

    private static final int FILES = 30;

    @TempDir
    Path here;

    private Path folder;

    @BeforeEach
    void aFolderWithFiles() throws IOException {
        folder = Files.createDirectories(here.resolve("folder"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(folder.resolve("file-" + i), ("line of " + i + "\n").repeat(i));
        }
    }

    @Test
    void oneOfThreeIsKilledOneMoreJoinsAndNothingIsLost() throws Exception {
        Result result = ConsoleProcess.run(here, "demo", folder, "--nodes", 3, "-o", "json", "--threads", 2);
        assertThat(result.exitCode()).as("%s", result).isZero();
        Map<?, ?> report = JsonMapper.shared().readValue(result.out(), Map.class);
        assertThat(report.toString())
                .contains("files=30", "lost=0", "duplicates=0", "wrong=0", "failed=0", "killed=true", "ok=true");
        assertThat(number(report, "served") + number(report, "reexecuted")).isEqualTo(FILES);
        assertThat(report.get("served")).isEqualTo(report.get("finishedAtKill"));
        String page = Files.readString(Path.of(System.getProperty("holdfast.checkout"), "docs/console.md"));
        String fields = page.split("### Fields of `demo`\n", 2)[1].split("\n#", 2)[0];
        assertThat(report.keySet()).allSatisfy(name -> assertThat(fields).contains("`" + name + "`"));
        assertThat(result.err()).contains("kill -9", "node-4", "one more", "node-4 leads partitions by now");
        assertThat(report.get("joinedLeads")).isEqualTo(true);
    }

    private static int number(Map<?, ?> report, String field) {
        return (Integer) Objects.requireNonNull(report.get(field));
    }

    @Test
    void noProcessIsLeftWhenTheParentIsStopped() throws Exception {
        Process demo = ConsoleProcess.start(here, "demo", folder, "--nodes", 3);
        List<Long> pids;
        try (BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8)) {
            pids = awaitPids(lines);
        }
        assertThat(pids).hasSize(3);
        demo.destroy(); // SIGTERM
        await().atMost(Duration.ofSeconds(20))
                .until(() -> pids.stream()
                        .noneMatch(pid -> ProcessHandle.of(pid)
                                .map(ProcessHandle::isAlive)
                                .orElse(false)));
        ConsoleProcess.await(demo);
    }

    @Test
    void whatGoesOnOneNodeOnlyIsRefused() throws Exception {
        assertThat(ConsoleProcess.run(here, "demo", folder, "--nodes", 2).exitCode())
                .isEqualTo(2);
        assertThat(ConsoleProcess.run(here, "demo", folder, "--nodes", 3, "--interactive")
                        .exitCode())
                .isEqualTo(2);
    }

    private static List<Long> awaitPids(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher pids = Pattern.compile("node-\\d pid=(\\d+)").matcher(line);
            if (line.contains("are a cluster")) {
                return pids.results().map(each -> Long.parseLong(each.group(1))).toList();
            }
        }
        throw new AssertionError("No cluster was told of");
    }
}
