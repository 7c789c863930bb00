package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ConsoleProcess.Result;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
