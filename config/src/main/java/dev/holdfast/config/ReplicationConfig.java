package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.ClusterSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many copies an acknowledgement needs and how the cluster repairs itself.
 *
 * Checked by {@link Config#validate()}. Not thread-safe.
 */
public final class ReplicationConfig {
    private int minInSync = 1;
    private Duration replaceAfter = Duration.ofSeconds(60);
    private Duration moveDrain = Duration.ofSeconds(10);
    private long copyRate = 8 << 20;
    private @Nullable String zone;

    /** The defaults. */
    public ReplicationConfig() {}

    /** {@return copies without which writes are refused; at most {@code durability + 1} of every executor} Default 1. */
    public int getMinInSync() {
        return minInSync;
    }

    /**
     * Sets what {@link #getMinInSync()} answers.
     *
     * @param minInSync as {@link #getMinInSync()} answers it
     * @return this
     */
    public ReplicationConfig setMinInSync(int minInSync) {
        this.minInSync = minInSync;
        return this;
    }

    /** {@return time after which a lost member's copies are made elsewhere} Default 60 s. */
    public Duration getReplaceAfter() {
        return replaceAfter;
    }

    /**
     * Sets what {@link #getReplaceAfter()} answers.
     *
     * @param replaceAfter as {@link #getReplaceAfter()} answers it
     * @return this
     */
    public ReplicationConfig setReplaceAfter(Duration replaceAfter) {
        this.replaceAfter = requireNonNull(replaceAfter, "replaceAfter");
        return this;
    }

    /** {@return time that a planned move waits for running tasks before it is called off} Default 10 s. */
    public Duration getMoveDrain() {
        return moveDrain;
    }

    /**
     * Sets what {@link #getMoveDrain()} answers.
     *
     * @param moveDrain as {@link #getMoveDrain()} answers it
     * @return this
     */
    public ReplicationConfig setMoveDrain(Duration moveDrain) {
        this.moveDrain = requireNonNull(moveDrain, "moveDrain");
        return this;
    }

    /**
     * {@return bytes a second that this node reads from its logs for copies that nobody waits for: of a member that joins, of a
     * planned move, of one that comes back} All copies share them. Each may besides have twice what is appended to its own log
     * meanwhile. Copies for which commits or submits wait are not limited. Default 8 MiB.
     */
    public long getCopyRate() {
        return copyRate;
    }

    /**
     * Sets what {@link #getCopyRate()} answers.
     *
     * @param copyRate as {@link #getCopyRate()} answers it
     * @return this
     */
    public ReplicationConfig setCopyRate(long copyRate) {
        this.copyRate = copyRate;
        return this;
    }

    /**
     * {@return where this node stands: members of the same zone are expected to fail together, and copies of a partition go to as
     * many zones as there are} Null by default: a zone of its own.
     */
    public @Nullable String getZone() {
        return zone;
    }

    /**
     * Sets what {@link #getZone()} answers.
     *
     * @param zone as {@link #getZone()} answers it
     * @return this
     */
    public ReplicationConfig setZone(@Nullable String zone) {
        this.zone = zone;
        return this;
    }

    @Override
    public String toString() {
        return ClusterSettings.REPLICATION.describe(this);
    }
}
