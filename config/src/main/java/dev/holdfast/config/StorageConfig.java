package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how a node stores its tasks and results.
 *
 * Checked by {@link Config#validate()}. Not thread-safe.
 */
public final class StorageConfig {
    private Path directory = Path.of("./holdfast-data");
    private SyncPolicy sync = SyncPolicy.OS;
    private Duration syncInterval = Duration.ofMillis(100);
    private long segmentSize = 64L * 1024 * 1024;
    private long inlineLimit = 4L * 1024;
    private long lowSpaceWatermark = 256L * 1024 * 1024;
    private boolean allowNetworkFileSystem = false;
    private int inboxCapacity = 16_384;
    private int maxBatch = 256;
    private int tombstones = 100_000;
    private int idempotencyKeys = 100_000;
    private Duration idempotencyTtl = Duration.ofHours(24);

    /** The data directory; one node only. Relative to the working directory. Default {@code ./holdfast-data}. */
    public Path getDirectory() {
        return directory;
    }

    /** Sets what {@link #getDirectory()} answers. */
    public StorageConfig setDirectory(Path directory) {
        this.directory = requireNonNull(directory, "directory");
        return this;
    }

    /** When records are forced to the disk. Default {@link SyncPolicy#OS}. */
    public SyncPolicy getSync() {
        return sync;
    }

    /** Sets what {@link #getSync()} answers. */
    public StorageConfig setSync(SyncPolicy sync) {
        this.sync = requireNonNull(sync, "sync");
        return this;
    }

    /** Time between two forces with {@link SyncPolicy#INTERVAL}. Default 100 ms. */
    public Duration getSyncInterval() {
        return syncInterval;
    }

    /** Sets what {@link #getSyncInterval()} answers. */
    public StorageConfig setSyncInterval(Duration syncInterval) {
        this.syncInterval = requireNonNull(syncInterval, "syncInterval");
        return this;
    }

    /** Bytes of one segment of a partition's log; at least three times {@link Config#getMaxPayload()}. Default 64 MiB. */
    public long getSegmentSize() {
        return segmentSize;
    }

    /** Sets what {@link #getSegmentSize()} answers. */
    public StorageConfig setSegmentSize(long segmentSize) {
        this.segmentSize = segmentSize;
        return this;
    }

    /** Largest payload, in bytes, that is kept in memory beside the log. Default 4 KiB. */
    public long getInlineLimit() {
        return inlineLimit;
    }

    /** Sets what {@link #getInlineLimit()} answers. */
    public StorageConfig setInlineLimit(long inlineLimit) {
        this.inlineLimit = inlineLimit;
        return this;
    }

    /** Free bytes on the disk below which submissions are refused. Default 256 MiB. */
    public long getLowSpaceWatermark() {
        return lowSpaceWatermark;
    }

    /** Sets what {@link #getLowSpaceWatermark()} answers. */
    public StorageConfig setLowSpaceWatermark(long lowSpaceWatermark) {
        this.lowSpaceWatermark = lowSpaceWatermark;
        return this;
    }

    /** Whether the directory may be on a network file system, where locks and mapped files are not reliable. Default false. */
    public boolean isAllowNetworkFileSystem() {
        return allowNetworkFileSystem;
    }

    /** Sets what {@link #isAllowNetworkFileSystem()} answers. */
    public StorageConfig setAllowNetworkFileSystem(boolean allowNetworkFileSystem) {
        this.allowNetworkFileSystem = allowNetworkFileSystem;
        return this;
    }

    /** Commands that may wait for one partition; beyond it submissions are rejected. Default 16,384. */
    public int getInboxCapacity() {
        return inboxCapacity;
    }

    /** Sets what {@link #getInboxCapacity()} answers. */
    public StorageConfig setInboxCapacity(int inboxCapacity) {
        this.inboxCapacity = inboxCapacity;
        return this;
    }

    /** Commands that one partition appends, replicates and forces together. Default 256. */
    public int getMaxBatch() {
        return maxBatch;
    }

    /** Sets what {@link #getMaxBatch()} answers. */
    public StorageConfig setMaxBatch(int maxBatch) {
        this.maxBatch = maxBatch;
        return this;
    }

    /** Removed task ids remembered per executor and partition. Default 100,000. */
    public int getTombstones() {
        return tombstones;
    }

    /** Sets what {@link #getTombstones()} answers. */
    public StorageConfig setTombstones(int tombstones) {
        this.tombstones = tombstones;
        return this;
    }

    /** Idempotency keys remembered per executor and partition. Default 100,000. */
    public int getIdempotencyKeys() {
        return idempotencyKeys;
    }

    /** Sets what {@link #getIdempotencyKeys()} answers. */
    public StorageConfig setIdempotencyKeys(int idempotencyKeys) {
        this.idempotencyKeys = idempotencyKeys;
        return this;
    }

    /** Time an idempotency key is remembered. Default 24 h. */
    public Duration getIdempotencyTtl() {
        return idempotencyTtl;
    }

    /** Sets what {@link #getIdempotencyTtl()} answers. */
    public StorageConfig setIdempotencyTtl(Duration idempotencyTtl) {
        this.idempotencyTtl = requireNonNull(idempotencyTtl, "idempotencyTtl");
        return this;
    }

    @Override
    public String toString() {
        return Settings.STORAGE.describe(this);
    }
}
