package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.Documents;
import dev.holdfast.cli.console.ExitCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data directory of a demo, with the demo's own files in a folder beside the node's: the plan, what the parent saw,
 * the children's logs. Held by one parent at a time.
 */
final class DemoDirectory implements AutoCloseable {

    /** Where a demo keeps its data unless told otherwise; {@code .gitignore} knows the name. */
    static final String DEFAULT = "holdfast-demo-data";

    private static final String OWN = "demo";

    private final Path path;
    private final FileChannel lock;

    private DemoDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * An empty directory for a new demo. An earlier demo's is emptied, unless that was to be kept; nothing else ever is.
     *
     * @param chosen the user's choice, or null for the default name, with a number behind it where that one is kept
     */
    static DemoDirectory fresh(@org.jspecify.annotations.Nullable Path chosen) throws IOException {
        Path path = (chosen == null ? firstNotKept() : chosen).toAbsolutePath().normalize();
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw refused("Not a directory", path);
        }
        boolean earlier = isDemo(path);
        if (!earlier && Files.isDirectory(path) && !isEmpty(path)) {
            throw refused("The directory holds something else than an earlier demo", path);
        }
        if (earlier && isKept(path)) {
            throw refused("The directory is of a demo that was made with --keep", path);
        }
        DemoDirectory directory = lock(path);
        try {
            if (earlier) {
                directory.empty();
            }
            return directory;
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** The directory of a demo that was interrupted. */
    static DemoDirectory existing(Path chosen) throws IOException {
        Path path = chosen.toAbsolutePath().normalize();
        if (!isDemo(path)) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "No demo to resume: directory=" + path
                            + "; start one with `demo --interactive`, or name its --data");
        }
        return lock(path);
    }

    private static CommandFailure refused(String what, Path path) {
        return new CommandFailure(
                ExitCodes.REFUSED,
                what + ": directory=" + path + "; nothing was changed, name another one with --data");
    }

    private static Path firstNotKept() {
        Path path = Path.of(DEFAULT);
        for (int number = 2; isKept(path); number++) {
            path = Path.of(DEFAULT + "-" + number);
        }
        return path;
    }

    private static boolean isDemo(Path path) {
        return Files.exists(path.resolve(OWN).resolve("lock"));
    }

    private static boolean isKept(Path path) {
        return Files.exists(path.resolve(OWN).resolve("keep"));
    }

    private static boolean isEmpty(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    private static DemoDirectory lock(Path path) throws IOException {
        Path own = Files.createDirectories(
                path.resolve(OWN), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        FileChannel channel =
                FileChannel.open(own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new DemoDirectory(path, channel);
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // as by another one
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw refused("Another demo runs in this directory", path);
    }

    /** Leaves the lock. */
    private void empty() throws IOException {
        Path mine = own("lock");
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                if (!mine.startsWith(entry)) {
                    Files.delete(entry);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Absolute: what {@code --data} of the other commands takes. */
    Path path() {
        return path;
    }

    /** A file of the demo's own. */
    Path own(String name) {
        return path.resolve(OWN).resolve(name);
    }

    void write(DemoPlan plan) throws IOException {
        Files.writeString(own("plan.json"), Documents.line(plan));
        if (plan.keep()) {
            Files.writeString(own("keep"), "");
        }
    }

    DemoPlan plan() throws IOException {
        return readPlan(path);
    }

    static DemoPlan readPlan(Path directory) throws IOException {
        return Documents.parse(Files.readString(directory.resolve(OWN).resolve("plan.json")), DemoPlan.class);
    }

    boolean isFinished() {
        return Files.exists(own("finished"));
    }

    void markFinished() throws IOException {
        Files.writeString(own("finished"), "");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
