package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ConsoleProcess.Result;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {

    @TempDir
    Path here;

    @Test
    void aNodeRunsUntilItIsStoppedAndThatIsNoFailure() throws Exception {
        Process node = ConsoleProcess.start(here, "start", "--data", "data");
        awaitReady(node);
        node.destroy(); // SIGTERM
        assertThat(ConsoleProcess.await(node).exitCode()).isZero();
        Result verified = MainTest.inThisJvm(
                "storage", "verify", "--data", here.resolve("data").toString());
        assertThat(verified.exitCode()).as("%s", verified).isZero();
        assertThat(verified.out()).contains("Sound").doesNotContain("NOTE", "WARNING");
    }

    @Test
    void aLiveNodeKeepsOthersOutAndIsNamed() throws Exception {
        Process node = ConsoleProcess.start(here, "start", "--data", "data");
        try {
            String ready = awaitReady(node);
            assertThat(ready).contains("pid=" + node.pid(), "directory=" + here.resolve("data"), "partitions=16");
            Result second = ConsoleProcess.run(here, "start", "--data", "data");
            assertThat(second.exitCode()).as("%s", second).isEqualTo(3);
            assertThat(second.err()).contains("pid=" + node.pid()).doesNotContain("\tat ");
            assertThat(second.out()).isEmpty();
        } finally {
            node.destroyForcibly();
            ConsoleProcess.await(node);
        }
        assertThat(ConsoleProcess.run(here, "tasks", "list", "--data", "data").exitCode())
                .isZero();
    }

    @Test
    void aMemberThatWaitsForOthersSaysForWhomAndIsStoppedInOrder() throws Exception {
        List<Integer> ports = FreePorts.of(2);
        Files.writeString(here.resolve("member.yaml"), """
                holdfast:
                  cluster-name: console
                  node-name: first
                  storage: {directory: ./first}
                  network: {enabled: true, host: 127.0.0.1, port: %1$d, members: ["127.0.0.1:%1$d", "127.0.0.1:%2$d"]}
                """.formatted(ports.get(0), ports.get(1)));
        Process node = ConsoleProcess.start(here, "start", "--config", "member.yaml");
        BufferedReader said = node.errorReader(StandardCharsets.UTF_8);
        assertThat(said.readLine()).startsWith("Becoming a member: node=first").contains("Ctrl-C");
        assertThat(said.readLine()).contains("silent=[127.0.0.1:" + ports.get(1) + "]");
        node.destroy(); // SIGTERM
        Result ended = ConsoleProcess.await(node);
        assertThat(ended.exitCode()).as("%s", ended).isZero();
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void aMemberSaysWhereItIsAndWithWhom() throws Exception {
        int port = FreePorts.of(1).get(0);
        Files.writeString(here.resolve("member.yaml"), """
                holdfast:
                  cluster-name: console
                  node-name: only
                  storage: {directory: ./only}
                  network: {enabled: true, host: 127.0.0.1, port: %1$d, members: ["127.0.0.1:%1$d"]}
                """.formatted(port));
        Process node = ConsoleProcess.start(here, "start", "--config", "member.yaml");
        assertThat(awaitReady(node))
                .contains("address=127.0.0.1:" + port, "cluster-name=console", "members=[only]", "partitions=16");
        node.destroy();
        assertThat(ConsoleProcess.await(node).exitCode()).isZero();
    }

    private static String awaitReady(Process node) throws Exception {
        BufferedReader lines = node.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        if (line == null) {
            throw new AssertionError(
                    "Not ready: " + new String(node.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(line).startsWith("Node ready: ");
        return line;
    }
}
