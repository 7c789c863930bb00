package dev.holdfast.storage.log.chronicle;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.directory.DataDirectory;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRig;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.segment.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A log in a data directory. A kill is a copy of the directory as it is; the copy is what is opened next. */
final class ChronicleRig implements LogRig {

    private final Path root;
    private final PartitionId partition;
    private final SyncPolicy sync;
    private final long segmentBytes;
    private final int inlineLimit;
    private final Device device;
    private final List<AutoCloseable> dead = new ArrayList<>();
    private Path current;
    private Executor background = Runnable::run;
    private int copies;
    private int boots;
    private @Nullable DataDirectory directory;
    private @Nullable ChronicleLog log;

    ChronicleRig(Path root, PartitionId partition, SyncPolicy sync, long segmentBytes, int inlineLimit, Device device) {
        this.root = root;
        this.partition = partition;
        this.sync = sync;
        this.segmentBytes = segmentBytes;
        this.inlineLimit = inlineLimit;
        this.device = device;
        this.current = root.resolve("data-0");
    }

    /** What is done ahead of the writer is done by {@code executor}, from the next opening on. */
    void doAheadBy(Executor executor) {
        background = executor;
    }

    Path partitionPath() {
        return current.resolve(String.format(Locale.ROOT, "partition-%04d", partition.value()));
    }

    @Override
    public RecoveredLog open(ReplayHandler handler) {
        kill();
        try {
            String boot = "boot-" + boots;
            DataDirectory opened = DataDirectory.open(
                    current, new DataDirectory.Options("rig", partition.value() + 1, true, path -> boot));
            directory = opened;
            log = ChronicleLog.open(opened, partition, settings(opened.session()), handler, device);
            return log.recovered();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LogSettings settings(long session) {
        return new LogSettings(
                session,
                sync,
                segmentBytes,
                inlineLimit,
                LogSettings.frameLimitFor(segmentBytes),
                0,
                background,
                background);
    }

    @Override
    public void kill() {
        DataDirectory held = directory;
        if (held == null) {
            return;
        }
        ChronicleLog open = log;
        directory = null;
        log = null;
        try {
            if (open == null || isClosed(open)) {
                if (open != null) {
                    open.close(true);
                }
                held.close();
                return;
            }
            Path copy = root.resolve("data-" + ++copies);
            copy(current, copy);
            current = copy;
            dead.add(held);
            dead.add(open);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A log that the test closed ended in order: its files are closed with the marker. */
    private static boolean isClosed(ChronicleLog open) {
        try {
            open.recovered().log().force();
            return false;
        } catch (LogFailedException e) {
            return String.valueOf(e.getMessage()).contains("closed");
        }
    }

    @Override
    public void loseTrustInPageCache() {
        kill();
        boots++;
    }

    @Override
    public List<Long> segments() {
        return numbers("segment-");
    }

    @Override
    public List<Long> checkpoints() {
        return numbers("checkpoint-");
    }

    private List<Long> numbers(String prefix) {
        try (var names = Files.list(partitionPath())) {
            return names.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && !name.endsWith(".tmp"))
                    .map(name -> Long.parseLong(name.substring(prefix.length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path segmentDirectory(long number) {
        return partitionPath().resolve(String.format(Locale.ROOT, "segment-%06d", number));
    }

    private Path segmentFile(long number) {
        return segmentDirectory(number).resolve(ChronicleSegment.FILE);
    }

    private Path checkpointFile(long number) {
        return partitionPath()
                .resolve(String.format(Locale.ROOT, "checkpoint-%06d", number))
                .resolve("items");
    }

    @Override
    public byte[] segmentContent(long number) {
        return content(segmentFile(number));
    }

    @Override
    public void replaceSegment(long number, byte[] content) {
        replace(segmentFile(number), content);
    }

    @Override
    public byte[] checkpointContent(long number) {
        return content(checkpointFile(number));
    }

    @Override
    public void replaceCheckpoint(long number, byte[] content) {
        replace(checkpointFile(number), content);
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        kill();
        for (AutoCloseable each : dead) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        dead.clear();
    }
}
