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

    /** Results kept per executor and partition. Default 10,000. */
    public int getMaxResults() {
        return maxResults;
    }

    /** Sets what {@link #getMaxResults()} answers. */
    public ResultRetentionConfig setMaxResults(int maxResults) {
        setByCode.add("max-results");
        this.maxResults = maxResults;
        return this;
    }

    /** Bytes of results kept per executor and partition. Default 256 MiB. */
    public long getMaxBytes() {
        return maxBytes;
    }

    /** Sets what {@link #getMaxBytes()} answers. */
    public ResultRetentionConfig setMaxBytes(long maxBytes) {
        setByCode.add("max-bytes");
        this.maxBytes = maxBytes;
        return this;
    }

    /** Age at which a result is removed, or null (the default) for no limit. */
    public @Nullable Duration getTtl() {
        return ttl;
    }

    /** Sets what {@link #getTtl()} answers. */
    public ResultRetentionConfig setTtl(@Nullable Duration ttl) {
        setByCode.add("ttl");
        this.ttl = ttl;
        return this;
    }

    /** What happens when a limit is reached. Default {@link WhenFull#EVICT_OLDEST}. */
    public WhenFull getWhenFull() {
        return whenFull;
    }

    /** Sets what {@link #getWhenFull()} answers. */
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
