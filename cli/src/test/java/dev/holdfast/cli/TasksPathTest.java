package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import java.io.BufferedReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task whose class is not on the console's class path. */
class TasksPathTest {

    private static final String SOURCE = """
            package jobs;

            public record Hello(String file) implements java.util.concurrent.Callable<String>, java.io.Serializable {
                @Override
                public String call() throws java.io.IOException {
                    java.nio.file.Files.writeString(java.nio.file.Path.of(file), "was here");
                    return "hello";
                }
            }
            """;

    @TempDir
    Path here;

    @Test
    void aStartedNodeRunsTasksOfTheTasksPath() throws Exception {
        Path classes = Files.createDirectory(here.resolve("classes"));
        Path source = Files.writeString(here.resolve("Hello.java"), SOURCE);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        Path trace = here.resolve("trace");
        Path data = here.resolve("data");
        submit(classes, data, trace);

        Process node = ConsoleProcess.start(here, "start", "--data", data, "--tasks-path", "classes/*:" + classes);
        try (BufferedReader lines = node.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).startsWith("Node ready: ");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(trace));
        }
        node.destroy();
        assertThat(ConsoleProcess.await(node).exitCode()).isZero();
        assertThat(MainTest.inThisJvm("tasks", "list", "--data", data.toString())
                        .out())
                .contains("COMPLETED", "Hello");
    }

    private static void submit(Path classes, Path data, Path trace) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            Callable<?> task = (Callable<?>)
                    loader.loadClass("jobs.Hello").getConstructor(String.class).newInstance(trace.toString());
            Config config = new Config().setAutoStart(false).setClassLoader(loader);
            config.getStorageConfig().setDirectory(data);
            try (HoldfastInstance node = Holdfast.newInstance(config)) {
                assertThat(node.getDurableExecutorService("jobs").submit(task).getTaskId())
                        .isPositive();
            }
        }
        assertThat(trace).doesNotExist();
    }
}
