package dev.holdfast;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a submission says beside the task. Immutable: each method returns a changed copy. */
public final class TaskOptions {

    /** Longest idempotency key, in characters. */
    public static final int MAX_IDEMPOTENCY_KEY = 512;

    /** Longest label, in characters. */
    public static final int MAX_LABEL = 256;

    private static final TaskOptions NONE = new TaskOptions(null, null, null, null, null);

    private final @Nullable String idempotencyKey;
    private final @Nullable Object key;
    private final @Nullable String label;
    private final @Nullable Integer maxCrashes;
    private final @Nullable Duration resultTtl;

    private TaskOptions(
            @Nullable String idempotencyKey,
            @Nullable Object key,
            @Nullable String label,
            @Nullable Integer maxCrashes,
            @Nullable Duration resultTtl) {
        this.idempotencyKey = idempotencyKey;
        this.key = key;
        this.label = label;
        this.maxCrashes = maxCrashes;
        this.resultTtl = resultTtl;
    }

    /**
     * Options that say nothing.
     *
     * @return to be added to
     */
    public static TaskOptions create() {
        return NONE;
    }

    /**
     * The same key on the same executor (with an affinity key: and partition) gives the same task, for 24 hours or 100,000
     * keys: the first payload wins.
     *
     * @param idempotencyKey 1 to {@value #MAX_IDEMPOTENCY_KEY} characters
     * @return a changed copy
     * @throws IllegalArgumentException if empty or longer than {@value #MAX_IDEMPOTENCY_KEY}
     */
    public TaskOptions idempotencyKey(String idempotencyKey) {
        return new TaskOptions(
                limited("idempotencyKey", idempotencyKey, MAX_IDEMPOTENCY_KEY), key, label, maxCrashes, resultTtl);
    }

    /**
     * Submits to the partition of {@code key}, as {@link DurableExecutorService#submitToKeyOwner} does.
     *
     * @param key serialisable
     * @return a changed copy
     */
    public TaskOptions key(Object key) {
        return new TaskOptions(idempotencyKey, Objects.requireNonNull(key, "key"), label, maxCrashes, resultTtl);
    }

    /**
     * A text to find the task by.
     *
     * @param label 1 to {@value #MAX_LABEL} characters
     * @return a changed copy
     * @throws IllegalArgumentException if empty or longer than {@value #MAX_LABEL}
     */
    public TaskOptions label(String label) {
        return new TaskOptions(idempotencyKey, key, limited("label", label, MAX_LABEL), maxCrashes, resultTtl);
    }

    /**
     * Counted crashes after which the task is quarantined, instead of the executor's {@code max-crashes} (3). The process has to
     * be gone during a <em>logged</em> attempt, and the first is not logged: a poison task costs one death more. With 1 the first
     * attempt is logged too.
     *
     * @param maxCrashes from 1
     * @return a changed copy
     * @throws IllegalArgumentException it is less than 1
     */
    public TaskOptions maxCrashes(int maxCrashes) {
        if (maxCrashes < 1) {
            throw new IllegalArgumentException("maxCrashes=" + maxCrashes + ", allowed are 1 and more");
        }
        return new TaskOptions(idempotencyKey, key, label, maxCrashes, resultTtl);
    }

    /**
     * How long the result is kept after the task ended. Can only shorten the executor's own retention.
     *
     * @param resultTtl above zero
     * @return a changed copy
     * @throws IllegalArgumentException it is zero or negative
     */
    public TaskOptions resultTtl(Duration resultTtl) {
        if (resultTtl.isNegative() || resultTtl.isZero()) {
            throw new IllegalArgumentException("resultTtl=" + resultTtl + ", allowed are durations above zero");
        }
        return new TaskOptions(idempotencyKey, key, label, maxCrashes, resultTtl);
    }

    /**
     * The idempotency key.
     *
     * @return empty if there is none
     */
    public Optional<String> getIdempotencyKey() {
        return Optional.ofNullable(idempotencyKey);
    }

    /**
     * The affinity key.
     *
     * @return empty if there is none
     */
    public Optional<Object> getKey() {
        return Optional.ofNullable(key);
    }

    /**
     * The label.
     *
     * @return empty if there is none
     */
    public Optional<String> getLabel() {
        return Optional.ofNullable(label);
    }

    /**
     * The number of counted crashes.
     *
     * @return empty for the executor's own
     */
    public OptionalInt getMaxCrashes() {
        return maxCrashes == null ? OptionalInt.empty() : OptionalInt.of(maxCrashes);
    }

    /**
     * How long the result is kept.
     *
     * @return empty for the executor's own
     */
    public Optional<Duration> getResultTtl() {
        return Optional.ofNullable(resultTtl);
    }

    private static String limited(String name, String value, int max) {
        if (value.isEmpty() || value.length() > max) {
            throw new IllegalArgumentException(
                    name + " has " + value.length() + " characters, allowed are 1 to " + max);
        }
        return value;
    }
}
