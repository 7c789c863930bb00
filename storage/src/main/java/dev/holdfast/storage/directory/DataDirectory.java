package dev.holdfast.storage.directory;

import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's data directory, held by this process: private to the user, on a local file system, of this partition count, and
 * locked until it is closed. Opening it begins a new session.
 *
 * <p>Opened, marked and closed by the thread that starts and stops the node; the getters and {@link #openLimits} and
 * {@link #openHighWaterMark} from any thread. (A program that opens {@code node.lock} in the node's own process and closes
 * it again drops the lock: that is POSIX.)
 */
public final class DataDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

    private final Path path;
    private final DirectoryLock lock;
    private volatile NodeProperties properties;
    private final LimitsFile limits;
    private final Limits previous;
    private final String bootId;
    private boolean closed;

    private DataDirectory(Path path, DirectoryLock lock, String bootId, NodeProperties properties, LimitsFile limits) {
        this.path = path;
        this.lock = lock;
        this.bootId = bootId;
        this.properties = properties;
        this.limits = limits;
        this.previous = limits.current();
    }

    /**
     * How to open a directory.
     *
     * @param nodeName for the message to whoever comes second
     * @param partitionCount 1 to 32,767; what a new directory gets, what an old one must have
     * @param allowNetworkFileSystem whether NFS and its like are accepted
     * @param clustered whether the node is to be a cluster's member: then an old directory may have another partition count,
     *     for the cluster's holds; otherwise it is refused if it was a member's
     * @param bootId identity of the page cache; {@link BootId#ofSystem} but in tests
     */
    public record Options(
            String nodeName, int partitionCount, boolean allowNetworkFileSystem, boolean clustered, BootId bootId) {
        /** Of an embedded node. */
        public Options(String nodeName, int partitionCount, boolean allowNetworkFileSystem, BootId bootId) {
            this(nodeName, partitionCount, allowNetworkFileSystem, false, bootId);
        }

        public Options {
            if (partitionCount < 1 || partitionCount > PartitionId.MAX + 1) {
                throw new IllegalArgumentException("Not a partition count: partition-count=" + partitionCount
                        + ", allowed are 1 to " + (PartitionId.MAX + 1));
            }
        }

        /** What a configuration says, on this system. */
        public static Options of(Config config) {
            return new Options(
                    config.getNodeName(),
                    config.getPartitionCount(),
                    config.getStorageConfig().isAllowNetworkFileSystem(),
                    config.getNetworkConfig().isEnabled(),
                    BootId.ofSystem());
        }
    }

    /**
     * Opens the directory, makes it if there is none, and begins a session, forced.
     *
     * @throws DirectoryInUseException another node has it; thrown at once
     * @throws DirectoryRefusedException it has another partition count, was a cluster's member's and is to be embedded, lies
     *     on a network file system, or holds logs of a node whose {@code node.properties} is gone
     * @throws NewerFormatException a newer version wrote it
     * @throws DamagedFileException {@code node.properties} or {@code node.limits} is damaged
     * @throws IOException it cannot be made, read, written or forced
     */
    public static DataDirectory open(Path directory, Options options) throws IOException {
        Path path = directory.toAbsolutePath().normalize();
        try {
            return openPath(path, options);
        } catch (IOException e) {
            throw new IOException(
                    "Cannot open the data directory: directory=" + path + ", cause=" + e
                            + "; see that it is a directory that this user may write to, on a disk with room",
                    e);
        }
    }

    private static DataDirectory openPath(Path path, Options options) throws IOException {
        DurableFiles.createDirectories(path);
        if (!options.allowNetworkFileSystem()) {
            NetworkFileSystems.refuse(path);
        }
        DirectoryLock lock = DirectoryLock.exclusive(path, Holder.describe(options.nodeName()));
        try {
            String bootId = options.bootId().of(path);
            if (!Files.exists(DirectoryLayout.nodeProperties(path))) {
                NewDirectory.create(path, options.partitionCount(), bootId);
            }
            return openLocked(path, options, lock, bootId);
        } catch (IOException | RuntimeException e) {
            closeQuietly(lock, e);
            throw e;
        }
    }

    private static DataDirectory openLocked(Path path, Options options, DirectoryLock lock, String bootId)
            throws IOException {
        NodeProperties properties = NodeProperties.read(DirectoryLayout.nodeProperties(path));
        if (!options.clustered() && ClusterFile.in(path).exists()) {
            throw new DirectoryRefusedException(
                    ErrorCode.DIRECTORY_OF_A_MEMBER,
                    "The data directory belongs to a cluster and can not be used by an embedded node, which would go on"
                            + " without the other copies: directory=" + path
                            + "; start the node with network.enabled=true, or use another directory");
        }
        if (!options.clustered() && properties.partitionCount() != options.partitionCount()) {
            throw new DirectoryRefusedException(
                    ErrorCode.PARTITION_COUNT_DIFFERS,
                    "The data directory has another partition count: directory=" + path
                            + ", partition-count=" + properties.partitionCount() + ", configured="
                            + options.partitionCount()
                            + "; it is fixed when a directory is made: configure partition-count="
                            + properties.partitionCount() + " or use a new directory");
        }
        Replacement.deleteLeftovers(path, properties.partitionCount())
                .forEach(partition -> LOG.info(
                        "Deleted what a repair that was killed had left, and that nobody uses: partition={}, data={}",
                        partition,
                        path));
        LimitsFile limits = openNodeLimits(DirectoryLayout.nodeLimits(path));
        try {
            DataDirectory opened = new DataDirectory(path, lock, bootId, properties, limits);
            limits.write(new Limits(opened.previous.session() + 1, false, bootId, Limits.NOTHING_RESERVED));
            return opened;
        } catch (RuntimeException e) {
            closeQuietly(limits, e);
            throw e;
        }
    }

    private static LimitsFile openNodeLimits(Path file) throws IOException {
        try {
            return LimitsFile.open(file, LimitsFile.NODE);
        } catch (NoSuchFileException e) {
            throw new DamagedFileException(file, -1, "a limits file", "no file");
        }
    }

    private static void closeQuietly(AutoCloseable resource, Exception cause) {
        try {
            resource.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }

    /** Absolute. */
    public Path path() {
        return path;
    }

    public NodeProperties properties() {
        return properties;
    }

    /**
     * Gives a directory that holds no records the partition count of the cluster that it joins. A crash in between leaves
     * partitions that nobody uses.
     *
     * @throws DirectoryRefusedException it holds records, and has another count
     */
    public synchronized void adoptPartitionCount(int partitionCount) throws IOException {
        NodeProperties old = properties;
        if (old.partitionCount() == partitionCount) {
            return;
        }
        if (holdsRecords()) {
            throw new DirectoryRefusedException(
                    ErrorCode.PARTITION_COUNT_DIFFERS,
                    "The data directory has another partition count than the cluster: directory=" + path
                            + ", partition-count=" + old.partitionCount() + ", of the cluster=" + partitionCount
                            + "; use a new directory");
        }
        NodeProperties adopted = new NodeProperties(old.clusterUuid(), old.diskId(), partitionCount);
        NewDirectory.makePartitions(path, old.partitionCount(), partitionCount, bootId);
        adopted.write(DirectoryLayout.nodeProperties(path));
        properties = adopted;
        NewDirectory.removePartitions(path, partitionCount);
    }

    /** Whether anything was ever written to a partition's log. */
    public boolean holdsRecords() throws IOException {
        for (PartitionId partition : DirectoryLayout.partitions(path)) {
            if (DirectoryLayout.holdsLog(DirectoryLayout.partition(path, partition))) {
                return true;
            }
        }
        return false;
    }

    /**
     * The highest end of a reservation of task sequences, over all partitions; 1 if nothing is reserved.
     *
     * @throws DamagedFileException a limits file is damaged
     */
    public long reservedEndExclusive() throws IOException {
        long highest = Limits.NOTHING_RESERVED;
        for (int number = 0; number < properties.partitionCount(); number++) {
            Path limitsOf = DirectoryLayout.limits(partitionPath(new PartitionId(number)));
            highest =
                    Math.max(highest, LimitsFile.read(limitsOf, number).limits().reservedEndExclusive());
        }
        return highest;
    }

    /** Number of this incarnation: grows with every opening, from 1. */
    public long session() {
        return limits.current().session();
    }

    /** Identity of the page cache, as of this opening. */
    public String bootId() {
        return bootId;
    }

    /** Whether the incarnation before this one ended without {@link #markClean}; false for a new directory. */
    public boolean crashed() {
        return !previous.clean();
    }

    public Path partitionPath(PartitionId partition) {
        return DirectoryLayout.partition(path, partition);
    }

    /**
     * Opens a partition's limits. The caller closes them.
     *
     * @throws LogDamagedException they are missing or damaged
     */
    public PartitionLimits openLimits(PartitionId partition) throws IOException {
        return PartitionLimits.open(DirectoryLayout.limits(partitionPath(partition)), partition, session(), bootId);
    }

    /**
     * Opens a partition's high-water mark. The caller closes it.
     *
     * @throws LogDamagedException it is missing or damaged
     */
    public HighWaterMark openHighWaterMark(PartitionId partition) throws IOException {
        Path file = DirectoryLayout.highWaterMark(partitionPath(partition));
        if (Files.isDirectory(file)) {
            throw new LogDamagedException(new LogDamage(partition, file, -1, "a high-water mark", "a directory"));
        }
        try {
            return HighWaterMark.open(file, partition);
        } catch (NoSuchFileException e) {
            throw new LogDamagedException(new LogDamage(partition, file, -1, "a high-water mark", "no file"));
        }
    }

    /** What becomes of a partition's log that is of no use; while the log is closed. */
    public SetAside setAside(PartitionId partition) {
        return new SetAside(path, partition);
    }

    /** Says, forced, that every partition was closed in order; the last thing before {@link #close}. */
    public void markClean() {
        limits.write(limits.current().withClean(true));
    }

    /** Lets the directory go, without a marker of its own. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            limits.close();
        }
    }
}
