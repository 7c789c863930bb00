package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Fails calls of a process, and writes down those that it makes. */
final class Strace {

    private static final String FORCE = "fdatasync";
    private static final String FORCES = "fdatasync,fsync,msync";
    private static final String WRITES = "write,pwrite64,ftruncate,fallocate";

    private Strace() {}

    /**
     * A command before that of a process, whose forces of logs then go as {@code injection} says, for example {@code
     * error=EIO:when=30}. Calls are counted for each thread.
     *
     * @param calls what is written down, a line for each, with the file
     */
    static List<String> forces(Path calls, String injection) {
        return under(calls, FORCE, injection);
    }

    /** The same for writes, of small files, checkpoints and pipes, and for what makes files longer and shorter. Records are mapped. */
    static List<String> writes(Path calls, String injection) {
        return under(calls, WRITES, injection);
    }

    private static List<String> under(Path calls, String which, String injection) {
        return List.of(
                "strace",
                "-D", // the process stays the test's child
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-y",
                "-o",
                calls.toString(),
                "-e",
                "trace=" + which,
                "-e",
                "inject=" + which + ":" + injection);
    }

    /**
     * The same for a process that runs, and for all of its forces, those of small files and mapped ones too. The command ends with
     * the process, or lets it go on when it is ended itself.
     */
    static List<String> attached(Path calls, long pid, String injection) {
        return List.of(
                "strace",
                "-f",
                "-qq",
                "-y",
                "-o",
                calls.toString(),
                "-e",
                "trace=" + FORCES,
                "-e",
                "inject=" + FORCES + ":" + injection,
                "-p",
                Long.toString(pid));
    }

    /** The forces of segments that were made so far, those that failed included. */
    static List<String> ofSegments(Path calls) throws IOException {
        return Files.readAllLines(calls).stream()
                .filter(line -> line.contains(FORCE + "(") && line.contains(".cq4"))
                .toList();
    }
}
