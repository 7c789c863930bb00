package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.directory.DurableFiles;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.segment.NoSpaceException;
import dev.holdfast.storage.log.segment.PartitionStore;
import dev.holdfast.storage.log.segment.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A partition's segments and checkpoints as directories:
 *
 * <pre>
 * partition-0007/segment-000012/19700102F.cq4    a queue of one file, by the incarnation that made it
 * partition-0007/checkpoint-000003/items         published
 * partition-0007/checkpoint-000004.tmp/items     being written, or left by a process that died
 * partition-0007/checkpoint-incoming.tmp/items   being copied from another replica, or left as before
 * partition-0007/set-aside/                      what recovery moved out of the way; nothing reads or deletes it
 * </pre>
 *
 * Names that are none of these are left alone and never read.
 */
public final class FileStore implements PartitionStore {

    private static final Pattern SEGMENT = Pattern.compile("segment-(\\d{6,18})");
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d{6,18})");
    private static final Pattern UNPUBLISHED = Pattern.compile("checkpoint-(\\d{6,18})\\.tmp");
    private static final String ITEMS = "items";
    private static final String INCOMING = "checkpoint-incoming.tmp";
    private static final String SET_ASIDE = "set-aside";

    /** A queue and its first records take some of it; the rest is for what else is being written meanwhile. */
    static final long ROOM_TO_MAKE_ONE = 2 * 1024 * 1024;

    private static final long USABLE_VALID_NANOS = 100_000_000;

    private final PartitionId partition;
    private final Path path;
    private final long segmentBytes;
    private final Device device;
    private volatile long usableBytes = Long.MAX_VALUE;
    private volatile long usableAtNanos;
    private volatile boolean usableKnown;

    /** @param path the partition's directory, which is there */
    public FileStore(PartitionId partition, Path path, long segmentBytes) {
        this(partition, path, segmentBytes, new SystemDevice());
    }

    FileStore(PartitionId partition, Path path, long segmentBytes, Device device) {
        this.partition = partition;
        this.path = path;
        this.segmentBytes = segmentBytes;
        this.device = device;
    }

    @Override
    public PartitionId partition() {
        return partition;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Contents contents() throws IOException {
        return new Contents(numbers(SEGMENT), numbers(CHECKPOINT));
    }

    @Override
    public SegmentFile createSegment(long number) throws IOException {
        if (device.usableBytes(path) < ROOM_TO_MAKE_ONE) {
            throw new NoSpaceException("The disk is full: directory=" + path, null);
        }
        Path directory = segmentPath(number);
        DurableFiles.createDirectories(directory);
        try {
            ChronicleSegment segment = new ChronicleSegment(device, directory, number, segmentBytes);
            makePrivate(directory);
            DurableFiles.forceDirectory(directory);
            return segment;
        } catch (NoSpaceException e) {
            deleteTree(directory);
            throw e;
        }
    }

    @Override
    public FrameSource openSegment(long number) throws IOException {
        Path file = segmentPath(number).resolve(ChronicleSegment.FILE);
        // a process that died while it made the queue leaves a directory without it
        return Files.exists(file) || !Files.isDirectory(segmentPath(number)) ? open(file) : new NoFile(file);
    }

    @Override
    public void forceSegment(long number) throws IOException {
        Path file = segmentPath(number).resolve(ChronicleSegment.FILE);
        try (FileChannel channel = device.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        DurableFiles.forceDirectory(segmentPath(number));
        DurableFiles.forceDirectory(path);
    }

    @Override
    public void deleteSegment(long number) throws IOException {
        deleteTree(segmentPath(number));
    }

    @Override
    public Path setAsideSegment(long number) throws IOException {
        Path target = freeName(segmentName(number));
        Files.move(segmentPath(number), target, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.forceDirectory(path.resolve(SET_ASIDE));
        DurableFiles.forceDirectory(path);
        return target;
    }

    @Override
    public Path setAsideTail(long number, long offset) throws IOException {
        Path target = freeName(segmentName(number) + "-from-" + offset);
        Path file = segmentPath(number).resolve(ChronicleSegment.FILE);
        try (FileChannel from = device.open(file, StandardOpenOption.READ);
                FileChannel to = device.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copyWithoutTrailingZeros(from, offset, to);
            to.force(true);
        }
        DurableFiles.forceDirectory(path.resolve(SET_ASIDE));
        return target;
    }

    @Override
    public CheckpointFile createCheckpoint(long number) throws IOException {
        Path directory = unpublishedPath(number);
        deleteTree(directory);
        try {
            DurableFiles.createDirectories(directory);
            return new CheckpointChannel(
                    device.open(directory.resolve(ITEMS), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw SystemDevice.asNoSpace(e);
        }
    }

    @Override
    public FrameSource openUnpublished(long number) throws IOException {
        return open(unpublishedPath(number).resolve(ITEMS));
    }

    @Override
    public void publishCheckpoint(long number) throws IOException {
        DurableFiles.forceDirectory(unpublishedPath(number));
        Files.move(unpublishedPath(number), checkpointPath(number), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.forceDirectory(path);
    }

    @Override
    public FrameSource openCheckpoint(long number) throws IOException {
        Path file = checkpointPath(number).resolve(ITEMS);
        // one that lost its file is a damaged one, and not a disk that fails
        return Files.exists(file) || !Files.isDirectory(checkpointPath(number)) ? open(file) : new NoFile(file);
    }

    @Override
    public void deleteCheckpoint(long number) throws IOException {
        deleteTree(checkpointPath(number));
    }

    @Override
    public void discardUnpublished() throws IOException {
        for (long number : numbers(UNPUBLISHED)) {
            deleteTree(unpublishedPath(number));
        }
    }

    @Override
    public void writeIncoming(long offset, byte[] bytes) throws IOException {
        Path directory = path.resolve(INCOMING);
        if (offset == 0) {
            deleteTree(directory);
            DurableFiles.createDirectories(directory);
        }
        Path file = directory.resolve(ITEMS);
        StandardOpenOption mode = offset == 0 ? StandardOpenOption.CREATE_NEW : StandardOpenOption.APPEND;
        if (offset != (Files.exists(file) ? Files.size(file) : 0)) {
            throw new IllegalArgumentException("Not the next piece: file=" + file + ", offset=" + offset);
        }
        try (FileChannel channel = device.open(file, StandardOpenOption.WRITE, mode)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw SystemDevice.asNoSpace(e);
        }
    }

    @Override
    public FrameSource openIncoming() throws IOException {
        return open(path.resolve(INCOMING).resolve(ITEMS));
    }

    @Override
    public void discardIncoming() throws IOException {
        deleteTree(path.resolve(INCOMING));
    }

    @Override
    public long usableBytes() {
        long now = System.nanoTime();
        if (!usableKnown || now - usableAtNanos > USABLE_VALID_NANOS) {
            try {
                usableBytes = device.usableBytes(path);
            } catch (IOException e) {
                usableBytes = 0; // a disk that does not answer takes no new tasks
            }
            usableAtNanos = now;
            usableKnown = true;
        }
        return usableBytes;
    }

    @Override
    public long bytesToMakeSegment() {
        return ROOM_TO_MAKE_ONE;
    }

    private FrameSource open(Path file) throws IOException {
        return new ChannelSource(file, device.open(file, StandardOpenOption.READ));
    }

    private List<Long> numbers(Pattern names) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, Files::isDirectory)) {
            for (Path entry : entries) {
                Matcher name = names.matcher(String.valueOf(entry.getFileName()));
                if (name.matches()) {
                    numbers.add(Long.parseLong(name.group(1)));
                }
            }
        }
        Collections.sort(numbers);
        return numbers;
    }

    private Path segmentPath(long number) {
        return path.resolve(segmentName(number));
    }

    private static String segmentName(long number) {
        return String.format(Locale.ROOT, "segment-%06d", number);
    }

    private Path checkpointPath(long number) {
        return path.resolve(String.format(Locale.ROOT, "checkpoint-%06d", number));
    }

    private Path unpublishedPath(long number) {
        return path.resolve(String.format(Locale.ROOT, "checkpoint-%06d.tmp", number));
    }

    private Path freeName(String name) throws IOException {
        Path aside = path.resolve(SET_ASIDE);
        DurableFiles.createDirectories(aside);
        Path target = aside.resolve(name);
        for (int i = 1; Files.exists(target); i++) {
            target = aside.resolve(name + "." + i);
        }
        return target;
    }

    /** Chronicle makes its files with the umask's permissions. */
    private static void makePrivate(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                }
            }
        }
    }

    private static void copyWithoutTrailingZeros(FileChannel from, long offset, FileChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long end = 0;
        long at = offset;
        while (from.read(buffer.clear(), at) > 0) {
            buffer.flip();
            long start = at - offset;
            for (int i = 0; i < buffer.limit(); i++) {
                end = buffer.get(i) == 0 ? end : start + i + 1;
            }
            at += buffer.limit();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
        }
        to.truncate(end);
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Where a file should be and is not. */
    private record NoFile(Path file) implements FrameSource {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            return -1;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
