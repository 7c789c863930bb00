package dev.holdfast.bench;

import dev.holdfast.bench.load.Figures;
import dev.holdfast.bench.load.Measurement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One measurement in a JVM of its own, with the same flags for everybody. */
final class ContenderJvm {

    private static final List<String> FLAGS = List.of(
            "-XX:+UseG1GC",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "-Dchronicle.analytics.disable=true",
            "-Dchronicle.announcer.disable=true",
            "-Dchronicle.disk.monitor.disable=true");

    private ContenderJvm() {}

    /** Whether the system lets a process ask for them; then every JVM here does. */
    static boolean hasHugePages() throws IOException {
        Path modes = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        return Files.isReadable(modes) && !Files.readString(modes).contains("[never]");
    }

    /** An empty directory under the working directory. */
    static Path newDirectory() throws IOException {
        return Files.createTempDirectory(Path.of("").toAbsolutePath(), "holdfast-bench-");
    }

    static Figures measure(String load, String contender, Map<String, Object> options, String heap, Path directory)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.addAll(FLAGS);
        if (hasHugePages()) {
            command.add("-XX:+UseTransparentHugePages"); // as the launcher starts a node
        }
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Measurement.class.getName(), load));
        command.add("contender=" + contender);
        command.add("directory=" + directory);
        options.forEach((key, value) -> command.add(key + "=" + value));
        command.add("launched=" + System.currentTimeMillis());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            output.lines().filter(line -> line.startsWith(Measurement.NOTE)).forEach(System.err::println);
            if (status != 0) {
                throw new IllegalStateException("The measurement failed: load=" + load + ", contender=" + contender
                        + ", status=" + status + "; it said:\n" + output);
            }
            return Figures.fromOutput(output);
        } finally {
            process.destroyForcibly();
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> everything = Files.walk(directory)) {
            for (Path path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
