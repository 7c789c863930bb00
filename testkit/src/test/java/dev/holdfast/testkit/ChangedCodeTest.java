package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code that changes between submission and restart: another body behind a lambda's name must never run. */
class ChangedCodeTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aLambdaWhoseClassWasRecompiledWithAnotherBeforeItIsParkedAndNeverRuns() throws IOException {
        compile("Job", "() -> { System.out.println(\"PAID\"); return \"paid\"; }", "");
        assertThat(run("submit-held")).contains("SUBMITTED");

        compile(
                "Job",
                "() -> { System.out.println(\"PAID\"); return \"paid\"; }",
                "() -> { System.out.println(\"DELETED\"); return \"deleted\"; }");
        assertThat(run("show")).contains("STATE PARKED").doesNotContain("PAID", "DELETED");
        assertThat(run("show")).as("it stays parked").contains("STATE PARKED").doesNotContain("PAID", "DELETED");
        assertThat(run("retry")).as("a plain retry does not accept").doesNotContain("PAID", "DELETED");

        compile("Job", "() -> { System.out.println(\"PAID\"); return \"paid\"; }", "");
        assertThat(run("finish")).as("the code is back").containsSubsequence("PAID", "RESULT paid");
    }

    @Test
    void aChangedLambdaRunsOnceTheChangeIsAccepted() throws IOException {
        compile("Job", "() -> \"one\"", "");
        assertThat(run("submit-held")).contains("SUBMITTED");
        compile("Job", "() -> \"two\"", "");
        assertThat(run("show")).contains("STATE PARKED");
        assertThat(run("accept")).contains("RESULT two");
    }

    @Test
    void aTaskWhoseClassVanishedIsParkedAndResumesWhenItIsBack() throws IOException {
        compile("Job", "new Named()", "");
        assertThat(run("submit-held")).contains("SUBMITTED");
        Path named = folder.resolve("classes/Job$Named.class");
        byte[] kept = Files.readAllBytes(named);
        Files.delete(named);
        assertThat(run("show")).contains("STATE PARKED");
        assertThat(run("show")).as("it stays parked").contains("STATE PARKED");
        Files.write(named, kept);
        assertThat(run("finish")).contains("RESULT named");
    }

    /** Compiles a program whose task is the expression {@code task}; {@code before} is a lambda that comes before it. */
    private void compile(String name, String task, String before) throws IOException {
        Map<String, String> values = Map.of(
                "@NAME@", name,
                "@TASK@", task,
                "@BEFORE@",
                        before.isEmpty() ? "" : "static DurableCallable<String> before() { return " + before + "; }");
        String source;
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("/changed-code/Job.java.txt"))) {
            source = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            source = source.replace(value.getKey(), value.getValue());
        }
        Path file = Files.createDirectories(folder.resolve("src")).resolve(name + ".java");
        Files.writeString(file, source);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertThat(result).as("compiles: %s", source).isZero();
    }

    private String run(String command) {
        List<String> said = new ArrayList<>();
        try (ChildJvm child = ChildJvm.of("Job")
                .classPathFirst(folder.resolve("classes"))
                .shortLived()
                .flags("-Xmx256m")
                .arguments(folder.resolve("data").toString(), command)
                .lines(said::add)
                .start()) {
            int exit = child.await(LIMIT);
            assertThat(exit).as("%s said %s", command, said).isZero();
        }
        return said.stream().collect(Collectors.joining("\n"));
    }
}
