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

    /** The defaults. */
    public StorageConfig() {}

    /** {@return the data directory; one node only} Relative to the working directory. Default {@code ./holdfast-data}. */
    public Path getDirectory() {
        return directory;
    }

    /**
     * Sets what {@link #getDirectory()} answers.
     *
     * @param directory as {@link #getDirectory()} answers it
     * @return this
     */
    public StorageConfig setDirectory(Path directory) {
        this.directory = requireNonNull(directory, "directory");
        return this;
    }

    /** {@return when records are forced to the disk} Default {@link SyncPolicy#OS}. */
    public SyncPolicy getSync() {
        return sync;
    }

    /**
     * Sets what {@link #getSync()} answers.
     *
     * @param sync as {@link #getSync()} answers it
     * @return this
     */
    public StorageConfig setSync(SyncPolicy sync) {
        this.sync = requireNonNull(sync, "sync");
        return this;
    }

    /** {@return time between two forces with {@link SyncPolicy#INTERVAL}} Default 100 ms. */
    public Duration getSyncInterval() {
        return syncInterval;
    }

    /**
     * Sets what {@link #getSyncInterval()} answers.
     *
     * @param syncInterval as {@link #getSyncInterval()} answers it
     * @return this
     */
    public StorageConfig setSyncInterval(Duration syncInterval) {
        this.syncInterval = requireNonNull(syncInterval, "syncInterval");
        return this;
    }

    /** {@return bytes of one segment of a partition's log; at least three times {@link Config#getMaxPayload()}} Default 64 MiB. */
    public long getSegmentSize() {
        return segmentSize;
    }

    /**
     * Sets what {@link #getSegmentSize()} answers.
     *
     * @param segmentSize as {@link #getSegmentSize()} answers it
     * @return this
     */
    public StorageConfig setSegmentSize(long segmentSize) {
        this.segmentSize = segmentSize;
        return this;
    }

    /** {@return largest payload, in bytes, that is kept in memory beside the log} Default 4 KiB. */
    public long getInlineLimit() {
        return inlineLimit;
    }

    /**
     * Sets what {@link #getInlineLimit()} answers.
     *
     * @param inlineLimit as {@link #getInlineLimit()} answers it
     * @return this
     */
    public StorageConfig setInlineLimit(long inlineLimit) {
        this.inlineLimit = inlineLimit;
        return this;
    }

    /** {@return free bytes on the disk below which submissions are refused} Default 256 MiB. */
    public long getLowSpaceWatermark() {
        return lowSpaceWatermark;
    }

    /**
     * Sets what {@link #getLowSpaceWatermark()} answers.
     *
     * @param lowSpaceWatermark as {@link #getLowSpaceWatermark()} answers it
     * @return this
     */
    public StorageConfig setLowSpaceWatermark(long lowSpaceWatermark) {
        this.lowSpaceWatermark = lowSpaceWatermark;
        return this;
    }

    /** {@return whether the directory may be on a network file system, where locks and mapped files are not reliable} Default false. */
    public boolean isAllowNetworkFileSystem() {
        return allowNetworkFileSystem;
    }

    /**
     * Sets what {@link #isAllowNetworkFileSystem()} answers.
     *
     * @param allowNetworkFileSystem as {@link #isAllowNetworkFileSystem()} answers it
     * @return this
     */
    public StorageConfig setAllowNetworkFileSystem(boolean allowNetworkFileSystem) {
        this.allowNetworkFileSystem = allowNetworkFileSystem;
        return this;
    }

    /** {@return commands that may wait for one partition; beyond it submissions are rejected} Default 16,384. */
    public int getInboxCapacity() {
        return inboxCapacity;
    }

    /**
     * Sets what {@link #getInboxCapacity()} answers.
     *
     * @param inboxCapacity as {@link #getInboxCapacity()} answers it
     * @return this
     */
    public StorageConfig setInboxCapacity(int inboxCapacity) {
        this.inboxCapacity = inboxCapacity;
        return this;
    }

    /** {@return commands that one partition appends, replicates and forces together} Default 256. */
    public int getMaxBatch() {
        return maxBatch;
    }

    /**
     * Sets what {@link #getMaxBatch()} answers.
     *
     * @param maxBatch as {@link #getMaxBatch()} answers it
     * @return this
     */
    public StorageConfig setMaxBatch(int maxBatch) {
        this.maxBatch = maxBatch;
        return this;
    }

    /** {@return removed task ids remembered per executor and partition} Default 100,000. */
    public int getTombstones() {
        return tombstones;
    }

    /**
     * Sets what {@link #getTombstones()} answers.
     *
     * @param tombstones as {@link #getTombstones()} answers it
     * @return this
     */
    public StorageConfig setTombstones(int tombstones) {
        this.tombstones = tombstones;
        return this;
    }

    /** {@return idempotency keys remembered per executor and partition} Default 100,000. */
    public int getIdempotencyKeys() {
        return idempotencyKeys;
    }

    /**
     * Sets what {@link #getIdempotencyKeys()} answers.
     *
     * @param idempotencyKeys as {@link #getIdempotencyKeys()} answers it
     * @return this
     */
    public StorageConfig setIdempotencyKeys(int idempotencyKeys) {
        this.idempotencyKeys = idempotencyKeys;
        return this;
    }

    /** {@return time an idempotency key is remembered} Default 24 h. */
    public Duration getIdempotencyTtl() {
        return idempotencyTtl;
    }

    /**
     * Sets what {@link #getIdempotencyTtl()} answers.
     *
     * @param idempotencyTtl as {@link #getIdempotencyTtl()} answers it
     * @return this
     */
    public StorageConfig setIdempotencyTtl(Duration idempotencyTtl) {
        this.idempotencyTtl = requireNonNull(idempotencyTtl, "idempotencyTtl");
        return this;
    }

    @Override
    public String toString() {
        return Settings.STORAGE.describe(this);
    }
}
