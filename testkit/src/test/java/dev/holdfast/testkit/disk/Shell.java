package dev.holdfast.testkit.disk;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Commands of the system. Any thread. */
final class Shell {

    private static final long LIMIT_SECONDS = 60;

    private Shell() {}

    /**
     * Runs a command to its end.
     *
     * @return what it printed, stripped
     * @throws IOException it failed, with what it said
     */
    static String run(String... command) throws IOException {
        Path output = Files.createTempFile("holdfast-command-", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("Did not end: command=" + List.of(command));
            }
            String said = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IOException(
                        "Failed: command=" + List.of(command) + ", exit=" + process.exitValue() + ", said=" + said);
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted: command=" + List.of(command), e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** Whether there is such a command. */
    static boolean knows(String command) {
        String places = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin" + File.pathSeparator
                + "/sbin";
        return Stream.of(places.split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve(command)));
    }
}
