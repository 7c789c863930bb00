package dev.holdfast.config;

import dev.holdfast.config.load.Settings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What may be deserialised, and how much of it.
 *
 * Checked by {@link Config#validate()}. Not thread-safe.
 */
public final class SerializationConfig {
    private List<String> allowedClasses = List.of();
    private int maxDepth = 512;
    private long maxReferences = 2_000_000;
    private long maxArrayLength = 16L * 1024 * 1024;
    private long maxBytes = 64L * 1024 * 1024;

    /** The defaults. */
    public SerializationConfig() {}

    /** {@return patterns of class names that may be deserialised; immutable} {@code com.acme.Job}, {@code com.acme.*} (that package), {@code com.acme.**} (and those below), {@code com.acme.Jo*} (prefix). With a port open nothing else is. */
    public List<String> getAllowedClasses() {
        return allowedClasses;
    }

    /**
     * Sets what {@link #getAllowedClasses()} answers.
     *
     * @param allowedClasses as {@link #getAllowedClasses()} answers it
     * @return this
     */
    public SerializationConfig setAllowedClasses(List<String> allowedClasses) {
        this.allowedClasses = List.copyOf(allowedClasses);
        return this;
    }

    /** {@return depth of an object graph} Default 512. */
    public int getMaxDepth() {
        return maxDepth;
    }

    /**
     * Sets what {@link #getMaxDepth()} answers.
     *
     * @param maxDepth as {@link #getMaxDepth()} answers it
     * @return this
     */
    public SerializationConfig setMaxDepth(int maxDepth) {
        this.maxDepth = maxDepth;
        return this;
    }

    /** {@return references in one object graph} Default 2,000,000. */
    public long getMaxReferences() {
        return maxReferences;
    }

    /**
     * Sets what {@link #getMaxReferences()} answers.
     *
     * @param maxReferences as {@link #getMaxReferences()} answers it
     * @return this
     */
    public SerializationConfig setMaxReferences(long maxReferences) {
        this.maxReferences = maxReferences;
        return this;
    }

    /** {@return elements of one array} Default 16,777,216. */
    public long getMaxArrayLength() {
        return maxArrayLength;
    }

    /**
     * Sets what {@link #getMaxArrayLength()} answers.
     *
     * @param maxArrayLength as {@link #getMaxArrayLength()} answers it
     * @return this
     */
    public SerializationConfig setMaxArrayLength(long maxArrayLength) {
        this.maxArrayLength = maxArrayLength;
        return this;
    }

    /** {@return bytes of one stream; at least {@link Config#getMaxPayload()}} Default 64 MiB. */
    public long getMaxBytes() {
        return maxBytes;
    }

    /**
     * Sets what {@link #getMaxBytes()} answers.
     *
     * @param maxBytes as {@link #getMaxBytes()} answers it
     * @return this
     */
    public SerializationConfig setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
        return this;
    }

    /**
     * Adds patterns, see {@link #getAllowedClasses()}; one that is there already is not added again.
     *
     * @param patterns patterns of class names
     * @return this
     */
    public SerializationConfig addAllowedClasses(String... patterns) {
        Set<String> all = new LinkedHashSet<>(allowedClasses);
        all.addAll(List.of(patterns));
        return setAllowedClasses(List.copyOf(all));
    }

    /**
     * Whether a pattern admits the class of that {@linkplain Class#getName() name}; arrays are the caller's matter.
     *
     * @param className as {@link Class#getName()} gives it
     * @return whether it is allowed
     */
    public boolean allows(String className) {
        return allowedClasses.stream().anyMatch(pattern -> NamePatterns.admitsClass(pattern, className));
    }

    /**
     * Sets everything in {@code other} to what it is here.
     *
     * @param other is changed
     */
    public void copyTo(SerializationConfig other) {
        Settings.SERIALIZATION.copy(this, other);
    }

    @Override
    public String toString() {
        return Settings.SERIALIZATION.describe(this);
    }
}
