package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long results stay that nobody disposes of: per executor and partition. Unfinished tasks are never removed.
 *
 * Checked by {@link Config#validate()}. Not thread-safe.
 */
public final class ResultRetentionConfig {
    private int maxResults = 10_000;
    private long maxBytes = 256L * 1024 * 1024;
    private @Nullable Duration ttl;
    private WhenFull whenFull = WhenFull.EVICT_OLDEST;
    private final SetByCode setByCode = new SetByCode();

    /** The defaults. */
    public ResultRetentionConfig() {}

    /** {@return results kept per executor and partition} Default 10,000. */
    public int getMaxResults() {
        return maxResults;
    }

    /**
     * Sets what {@link #getMaxResults()} answers.
     *
     * @param maxResults as {@link #getMaxResults()} answers it
     * @return this
     */
    public ResultRetentionConfig setMaxResults(int maxResults) {
        setByCode.add("max-results");
        this.maxResults = maxResults;
        return this;
    }

    /** {@return bytes of results kept per executor and partition} Default 256 MiB. */
    public long getMaxBytes() {
        return maxBytes;
    }

    /**
     * Sets what {@link #getMaxBytes()} answers.
     *
     * @param maxBytes as {@link #getMaxBytes()} answers it
     * @return this
     */
    public ResultRetentionConfig setMaxBytes(long maxBytes) {
        setByCode.add("max-bytes");
        this.maxBytes = maxBytes;
        return this;
    }

    /** {@return age at which a result is removed, or null (the default) for no limit} */
    public @Nullable Duration getTtl() {
        return ttl;
    }

    /**
     * Sets what {@link #getTtl()} answers.
     *
     * @param ttl as {@link #getTtl()} answers it
     * @return this
     */
    public ResultRetentionConfig setTtl(@Nullable Duration ttl) {
        setByCode.add("ttl");
        this.ttl = ttl;
        return this;
    }

    /** {@return what happens when a limit is reached} Default {@link WhenFull#EVICT_OLDEST}. */
    public WhenFull getWhenFull() {
        return whenFull;
    }

    /**
     * Sets what {@link #getWhenFull()} answers.
     *
     * @param whenFull as {@link #getWhenFull()} answers it
     * @return this
     */
    public ResultRetentionConfig setWhenFull(WhenFull whenFull) {
        setByCode.add("when-full");
        this.whenFull = requireNonNull(whenFull, "whenFull");
        return this;
    }

    SetByCode setByCode() {
        return setByCode;
    }

    @Override
    public String toString() {
        return Settings.RETENTION.describe(this);
    }
}
