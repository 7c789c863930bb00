package dev.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the console as users do, in a process of its own; the class path is the test's, for no jar exists yet. */
public final class ConsoleProcess {

    private static final long LIMIT_SECONDS = 150;

    private final List<String> command = new ArrayList<>();
    private final ProcessBuilder builder;

    private ConsoleProcess(Path workingDirectory, List<String> arguments) {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-Dholdfast.home=" + workingDirectory,
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 23) {
            command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.holdfast.cli.Main"));
        command.addAll(arguments);
        builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("HOLDFAST_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Xmx512m");
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "COLUMNS"));
    }

    /** What a process did. */
    public record Result(int exitCode, String out, String err) {

        public List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Runs to the end. */
    public static Result run(Path workingDirectory, Object... arguments) throws Exception {
        return await(start(workingDirectory, arguments));
    }

    /** Runs to the end with more environment variables. */
    public static Result run(Path workingDirectory, Map<String, String> environment, Object... arguments)
            throws Exception {
        List<String> words = Arrays.stream(arguments).map(String::valueOf).toList();
        ConsoleProcess process = new ConsoleProcess(workingDirectory, words);
        process.builder.environment().putAll(environment);
        return await(process.builder.start());
    }

    /** Runs two at the same time, the second reading what the first prints. */
    public static Result pipe(Path workingDirectory, List<?> from, List<?> into) throws Exception {
        ProcessBuilder first = new ConsoleProcess(workingDirectory, words(from)).builder;
        ProcessBuilder second = new ConsoleProcess(workingDirectory, words(into)).builder;
        List<Process> both = ProcessBuilder.startPipeline(List.of(first, second));
        try {
            return await(both.get(1));
        } finally {
            both.forEach(Process::destroyForcibly);
        }
    }

    /** What is run, for who runs it otherwise. */
    public static List<String> command(Path workingDirectory, Object... arguments) {
        return List.copyOf(new ConsoleProcess(workingDirectory, words(List.of(arguments))).command);
    }

    private static List<String> words(List<?> arguments) {
        return arguments.stream().map(String::valueOf).toList();
    }

    /** Starts nothing yet: for another environment, or other places for what it prints. */
    static ProcessBuilder prepare(Path workingDirectory, Object... arguments) {
        return new ConsoleProcess(
                        workingDirectory,
                        Arrays.stream(arguments).map(String::valueOf).toList())
                .builder;
    }

    /** Starts only; the caller ends it. */
    public static Process start(Path workingDirectory, Object... arguments) throws IOException {
        List<String> words = Arrays.stream(arguments).map(String::valueOf).toList();
        return new ConsoleProcess(workingDirectory, words).builder.start();
    }

    /** Reads both outputs to their ends. */
    public static Result await(Process process) throws Exception {
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("Not done after " + LIMIT_SECONDS + " s: " + process.info());
            }
            return new Result(process.exitValue(), out.get(), err.get());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException closed) {
            return "";
        }
    }
}
