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
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The demo as a user runs it: real processes, a real kill. */
class DemoTest {

    private static final Pattern PID = Pattern.compile("kill -9 (\\d+)");
    private static final int FILES = 23;

    @TempDir
    Path here;

    private Path folder;

    @BeforeEach
    void aFolderWithFiles() throws IOException {
        folder = Files.createDirectories(here.resolve("some folder"));
        Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(folder.resolve("ünïcode name"), "no line break at the end");
        Files.writeString(folder.resolve("back\\slash"), "1\n2\n");
        Files.write(folder.resolve("a/large"), new byte[3_000_000]);
        for (int i = 4; i < FILES; i++) {
            Files.writeString(folder.resolve("a/b/file-" + i), ("line of " + i + "\n").repeat(i));
        }
        // left out
        Files.createDirectories(folder.resolve(".git/objects"));
        Files.writeString(folder.resolve(".git/objects/x"), "x");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("empty"));
    }

    @Test
    void halfIsServedAndTheRestExecutedAfterTheKill() throws Exception {
        Result result = ConsoleProcess.run(here, "demo", folder, "--digests", "digests.txt", "--threads", 2);

        assertThat(result.exitCode()).as("%s", result).isZero();
        List<String> lines = result.lines();
        assertThat(result.out())
                .contains("11 tasks finished, 2 running, 10 waiting")
                .doesNotContain("\u001b", "\r");
        List<String> last = lines.subList(lines.size() - 4, lines.size());
        assertThat(last.get(0))
                .contains("files=23", "served=11", "reexecuted=12", "lost=0", "duplicates=0", "wrong=0", "killed=yes");
        assertThat(last.get(1)).isEqualTo("holdfast tasks list --data holdfast-demo-data");
        assertThat(last.get(2)).matches("holdfast tasks show \\d+ --data holdfast-demo-data");
        assertThat(last.get(3)).isEqualTo("holdfast storage verify --data holdfast-demo-data");
        assertThat(digestsIn(here.resolve("digests.txt"))).isEqualTo(digestsOf(folder));

        assertThat(ConsoleProcess.run(here, (Object[])
                        last.get(2).replace("holdfast tasks", "tasks").split(" ")))
                .satisfies(shown -> assertThat(shown.exitCode()).as("%s", shown).isZero())
                .satisfies(shown -> assertThat(shown.out()).contains("COMPLETED", "FileDigestTask"));
    }

    @Test
    void jsonIsOneObjectAndAllElseGoesToTheStandardError() throws Exception {
        Result result = ConsoleProcess.run(
                here, "demo", folder, "-o", "json", "--kill-after", 5, "--data", "data", "--threads", 3);

        assertThat(result.exitCode()).as("%s", result).isZero();
        Map<?, ?> report = JsonMapper.shared().readValue(result.out(), Map.class);
        assertThat(report.toString())
                .contains("files=23", "served=5", "reexecuted=18", "lost=0", "duplicates=0", "killed=true")
                .contains("wrong=0", "changed=0", "runningAtKill=3");
        String page = Files.readString(Path.of(System.getProperty("holdfast.checkout"), "docs/console.md"));
        String fields = page.split("### Fields of `demo`\n", 2)[1].split("\n#", 2)[0];
        assertThat(report.keySet()).allSatisfy(name -> assertThat(fields).contains("`" + name + "`"));
        assertThat(result.err()).contains("kill -9");
    }

    @Test
    void theUserKillsAndResumeFinishes() throws Exception {
        Process demo = ConsoleProcess.start(here, "demo", folder, "--interactive");
        long pid;
        String said;
        try (BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8)) {
            pid = awaitPid(lines);
            assertThat(ConsoleProcess.run(here, "demo", "--resume").exitCode()).isEqualTo(3);
            assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
            said = String.join("\n", lines.lines().toList());
        }
        assertThat(ConsoleProcess.await(demo).exitCode()).as(said).isZero();
        assertThat(said).contains("demo --resume");

        Result resumed = ConsoleProcess.run(here, "demo", "--resume", "-o", "json");
        assertThat(resumed.exitCode()).as("%s", resumed).isZero();
        Map<?, ?> report = JsonMapper.shared().readValue(resumed.out(), Map.class);
        assertThat(report.get("served")).isEqualTo(11);
        assertThat(report.get("reexecuted")).isEqualTo(12);
        assertThat(report.get("killed")).isEqualTo(true);

        Result again = ConsoleProcess.run(here, "demo", "--resume");
        assertThat(again.exitCode()).isEqualTo(4);
        assertThat(again.err()).contains("nothing to resume");
    }

    @Test
    void aDemoWhoseNodeWasNotKilledFails() throws Exception {
        Process demo = ConsoleProcess.start(here, "demo", folder, "--interactive");
        try (BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8)) {
            long pid = awaitPid(lines);
            assertThat(ProcessHandle.of(pid).orElseThrow().destroy()).isTrue(); // SIGTERM
            assertThat(String.join("\n", lines.lines().toList())).contains("not by SIGKILL");
        }
        assertThat(ConsoleProcess.await(demo).exitCode()).isEqualTo(1);

        Result resumed = ConsoleProcess.run(here, "demo", "--resume");
        assertThat(resumed.exitCode()).as("%s", resumed).isEqualTo(1);
        assertThat(resumed.out()).contains("killed=no: NOT as it should be", "was not killed with SIGKILL");
    }

    @Test
    void noProcessIsLeftWhenTheParentIsKilled() throws Exception {
        Process demo = ConsoleProcess.start(here, "demo", folder, "--interactive");
        long pid;
        try (BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8)) {
            pid = awaitPid(lines);
        }
        demo.destroyForcibly();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        ProcessHandle.of(pid).map(child -> !child.isAlive()).orElse(true));
    }

    @Test
    void noProcessIsLeftWhenTheParentIsStopped() throws Exception {
        Process demo = ConsoleProcess.start(here, "demo", folder, "--interactive");
        long pid;
        try (BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8)) {
            pid = awaitPid(lines);
        }
        demo.destroy();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        ProcessHandle.of(pid).map(child -> !child.isAlive()).orElse(true));
        ConsoleProcess.await(demo);
    }

    private static long awaitPid(BufferedReader lines) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            Matcher matcher = PID.matcher(line);
            if (matcher.find()) {
                return Long.parseLong(matcher.group(1));
            }
        }
        throw new AssertionError("No pid: " + said);
    }

    private static Map<String, String> digestsIn(Path file) throws IOException {
        Map<String, String> digests = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            boolean escaped = line.startsWith("\\");
            String plain = escaped ? line.substring(1) : line;
            String name = plain.substring(66);
            digests.put(escaped ? name.replace("\\\\", "\\") : name, plain.substring(0, 64));
        }
        return digests;
    }

    private static Map<String, String> digestsOf(Path folder) throws Exception {
        Map<String, String> digests = new HashMap<>();
        try (var all = Files.walk(folder)) {
            for (Path file : all.filter(path -> Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> !path.startsWith(folder.resolve(".git")))
                    .toList()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                digests.put(folder.relativize(file).toString(), HexFormat.of().formatHex(digest));
            }
        }
        assertThat(digests).hasSize(FILES);
        return digests;
    }
}
