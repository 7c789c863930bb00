package dev.holdfast.storage;

import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.config.StorageConfig;
import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.directory.ClusterFile;
import dev.holdfast.storage.directory.ClusterMark;
import dev.holdfast.storage.directory.DataDirectory;
import dev.holdfast.storage.directory.DirectoryRefusedException;
import dev.holdfast.storage.directory.EpochFile;
import dev.holdfast.storage.directory.NodeProperties;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.chronicle.ChronicleLog;
import dev.holdfast.storage.log.chronicle.ChronicleRuntime;
import dev.holdfast.storage.log.segment.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The storage of the node that holds the data directory: lock, identity, session, and the logs.
 *
 * <p>Opened, marked and closed by the thread that starts and stops the node; {@link #openPartition} from any thread, each
 * partition once.
 */
public final class NodeStorage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStorage.class);

    /** Tasks that wait for a thread ahead; one that finds no place is done by the writer when it is due. */
    private static final int AHEAD_QUEUE = 4096;

    private static final long CLOSE_AHEAD_SECONDS = 30;

    private final DataDirectory directory;
    private final StorageConfig config;
    private final ThreadPoolExecutor ahead = thread("holdfast-storage-ahead");
    private final ThreadPoolExecutor writeOut = thread("holdfast-storage-write");
    private final Map<PartitionId, ChronicleLog> logs = new ConcurrentSkipListMap<>();
    private boolean cleanAsked;
    private boolean asFoundAsked;
    private boolean closed;

    private NodeStorage(DataDirectory directory, StorageConfig config) {
        this.directory = directory;
        this.config = config;
    }

    private static ThreadPoolExecutor thread(String name) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(AHEAD_QUEUE), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Opens the data directory that {@code config} names, makes it if there is none, and begins a session.
     *
     * @throws dev.holdfast.storage.log.chronicle.PreflightException this JVM lacks a flag; the message names it
     * @throws dev.holdfast.storage.directory.DirectoryInUseException another node has the directory
     * @throws dev.holdfast.storage.directory.DirectoryRefusedException it can not be this node's
     * @throws dev.holdfast.storage.directory.NewerFormatException a newer version wrote it
     * @throws dev.holdfast.storage.directory.DamagedFileException its small files are damaged
     * @throws UncheckedIOException it cannot be made, read, written or forced
     */
    public static NodeStorage open(Config config) {
        return open(config.getStorageConfig(), DataDirectory.Options.of(config));
    }

    /**
     * As {@link #open(Config)}.
     *
     * @param maxPayloadBytes largest payload; a segment has to be three times as large at least
     * @param nodeName for the message to whoever comes second
     * @param bootId identity of the page cache; {@link BootId#ofSystem} but in tests
     */
    public static NodeStorage open(
            StorageConfig config, int partitionCount, long maxPayloadBytes, String nodeName, BootId bootId) {
        if (config.getSegmentSize() < 3 * maxPayloadBytes) {
            throw new IllegalArgumentException("A segment has to hold three payloads: segment-size="
                    + config.getSegmentSize() + ", max-payload=" + maxPayloadBytes + "; raise segment-size to "
                    + 3 * maxPayloadBytes + " or lower max-payload");
        }
        return open(
                config, new DataDirectory.Options(nodeName, partitionCount, config.isAllowNetworkFileSystem(), bootId));
    }

    private static NodeStorage open(StorageConfig config, DataDirectory.Options options) {
        ChronicleRuntime.start();
        try {
            return new NodeStorage(DataDirectory.open(config.getDirectory(), options), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cluster and disk, partition count and format. */
    public NodeProperties identity() {
        return directory.properties();
    }

    /** What the directory says of its membership in a cluster; empty if it is an embedded node's, or new. */
    public Optional<ClusterMark> membership() {
        return unchecked(ClusterFile.in(directory.path())::load);
    }

    /** Stores what {@link #membership} answers; returns when it is on the medium. */
    public void storeMembership(ClusterMark mark) {
        unchecked(() -> {
            ClusterFile.in(directory.path()).store(mark);
            return mark;
        });
    }

    /** As {@link DataDirectory#adoptPartitionCount}; before any partition is opened. */
    public void adoptPartitionCount(int partitionCount) {
        unchecked(() -> {
            directory.adoptPartitionCount(partitionCount);
            return partitionCount;
        });
    }

    /** Whether anything was ever written to a partition's log. */
    public boolean holdsRecords() {
        return unchecked(directory::holdsRecords);
    }

    /** As {@link DataDirectory#reservedEndExclusive}. */
    public long reservedEndExclusive() {
        return unchecked(directory::reservedEndExclusive);
    }

    /** What reads or writes the directory. */
    private interface Access<T> {
        T run() throws IOException;
    }

    private <T> T unchecked(Access<T> access) {
        try {
            return access.run();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read or write the data directory: directory=" + directory.path() + ", cause=" + e, e);
        }
    }

    /** Number of this incarnation: grows with every opening, from 1. */
    public long session() {
        return directory.session();
    }

    /** Whether the incarnation before this one ended without closing in order. */
    public boolean crashed() {
        return directory.crashed();
    }

    /** Absolute. */
    public Path directory() {
        return directory.path();
    }

    public int partitionCount() {
        return directory.properties().partitionCount();
    }

    /**
     * Reads a partition's log, hands it over, and makes it ready for appends.
     *
     * @throws LogDamagedException it is damaged: this partition refuses, the others serve; nothing was changed
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException a newer version wrote it
     * @throws LogFailedException the disk failed
     */
    public RecoveredLog openPartition(PartitionId id, ReplayHandler handler) {
        if (id.value() >= partitionCount()) {
            throw new IllegalArgumentException(
                    "Not a partition of this node: partition=" + id + ", partition-count=" + partitionCount());
        }
        try {
            directory.setAside(id).finish(directory.bootId());
            ChronicleLog log = ChronicleLog.open(directory, id, settings(), handler);
            if (logs.putIfAbsent(id, log) != null) {
                log.close();
                throw new IllegalStateException("The partition is open already: partition=" + id);
            }
            log.recovered()
                    .setAside()
                    .ifPresent(
                            what -> LOG.warn(ErrorCode.TAIL_SET_ASIDE.says("Set aside at the end of a log: {}"), what));
            return log.recovered();
        } catch (IOException e) {
            throw new LogFailedException(
                    "Cannot open the log: partition=" + id + ", directory=" + directory.partitionPath(id) + ", cause="
                            + e + "; check the disk and restart the node",
                    e);
        }
    }

    /**
     * Takes a log that is of no use out of the way, closed first, and leaves an empty one to be opened, which {@link
     * dev.holdfast.storage.log.ReplicatedLog#isEmptied says} that there was another. The reservation of task sequences and the epoch
     * stay; nothing is deleted. For a log that did not open, or that nobody uses any more. One thread at a time for each partition.
     *
     * @return where it is now
     * @throws DirectoryRefusedException as many as are kept are there already; nothing was changed
     * @throws LogFailedException the disk failed
     */
    public Path setAside(PartitionId id) {
        ChronicleLog log = logs.remove(id);
        try {
            if (log != null) {
                log.close();
            }
            return directory.setAside(id).move(directory.bootId());
        } catch (IOException e) {
            throw new LogFailedException(
                    "Cannot set a log aside: partition=" + id + ", directory=" + directory.partitionPath(id)
                            + ", cause=" + e + "; check the disk and restart the node",
                    e);
        }
    }

    /** Where the highest epoch is kept that a partition's copy here has seen. */
    public EpochFile epochFile(PartitionId id) {
        return EpochFile.in(directory.partitionPath(id), id);
    }

    /** Says that the node ends in order: the next {@link #close} writes the clean-shutdown marker, if all is forced. */
    public synchronized void markClean() {
        cleanAsked = true;
    }

    /**
     * Says that this was a visit: the next {@link #close} writes the marker for each log that had it, so that a crash of the
     * process before is a crash still.
     */
    public synchronized void markAsFound() {
        asFoundAsked = true;
    }

    /**
     * Closes every log that is still open, forced, and lets the directory go. The clean-shutdown marker is written only
     * after {@link #markClean} (or {@link #markAsFound}), and if every log was closed and forced without a failure. Idempotent.
     *
     * @throws LogFailedException a log could not be forced; the rest is closed all the same
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        RuntimeException first = null;
        boolean allMarked = true;
        for (Map.Entry<PartitionId, ChronicleLog> entry : logs.entrySet()) {
            try {
                boolean wasClean = !entry.getValue().recovered().crashed();
                boolean marked = entry.getValue().close(cleanAsked || (asFoundAsked && wasClean));
                allMarked &= marked || (asFoundAsked && !wasClean);
            } catch (IOException | RuntimeException e) {
                allMarked = false;
                RuntimeException failure = e instanceof RuntimeException unchecked
                        ? unchecked
                        : new LogFailedException("Cannot close the log: partition=" + entry.getKey(), e);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        endAhead();
        try (DataDirectory held = directory) {
            if (allMarked && (cleanAsked || (asFoundAsked && !held.crashed()))) {
                held.markClean();
            }
        } catch (IOException e) {
            LOG.warn(
                    ErrorCode.DIRECTORY_NOT_CLOSED.says("The data directory could not be closed: directory={}"),
                    directory.path(),
                    e);
        }
        if (first != null) {
            throw first;
        }
    }

    private void endAhead() {
        List<ThreadPoolExecutor> both = List.of(ahead, writeOut);
        both.forEach(ThreadPoolExecutor::shutdown);
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_AHEAD_SECONDS);
        boolean ended = true;
        try {
            for (ThreadPoolExecutor each : both) {
                ended &= each.awaitTermination(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            LOG.warn(
                    ErrorCode.DISK_HANGS.says("Work ahead of the logs did not end in {} s: a disk hangs"),
                    CLOSE_AHEAD_SECONDS);
        }
    }

    private LogSettings settings() {
        long segmentBytes = config.getSegmentSize();
        return new LogSettings(
                session(),
                config.getSync(),
                segmentBytes,
                config.getInlineLimit(),
                LogSettings.frameLimitFor(segmentBytes),
                config.getLowSpaceWatermark(),
                ahead,
                writeOut);
    }
}
