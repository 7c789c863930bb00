package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.Settings;

/**
 * Refuses operations while fewer members are seen than the application needs.
 *
 * Checked by {@link Config#validate()}. Not thread-safe.
 */
public final class SplitBrainProtectionConfig {
    private final String name;
    private int minimumClusterSize = 2;
    private SplitBrainProtectionOn protectOn = SplitBrainProtectionOn.READ_WRITE;
    private final SetByCode setByCode = new SetByCode();

    /**
     * A protection that executors refer to by this name.
     *
     * @param name what executors refer to it by
     */
    public SplitBrainProtectionConfig(String name) {
        this.name = requireNonNull(name, "name");
    }

    /** {@return the name; fixed} */
    public String getName() {
        return name;
    }

    /** {@return members that must be seen for the protected operations to be served} Default 2. */
    public int getMinimumClusterSize() {
        return minimumClusterSize;
    }

    /**
     * Sets what {@link #getMinimumClusterSize()} answers.
     *
     * @param minimumClusterSize as {@link #getMinimumClusterSize()} answers it
     * @return this
     */
    public SplitBrainProtectionConfig setMinimumClusterSize(int minimumClusterSize) {
        setByCode.add("minimum-cluster-size");
        this.minimumClusterSize = minimumClusterSize;
        return this;
    }

    /** {@return the operations that are protected} Default {@link SplitBrainProtectionOn#READ_WRITE}. */
    public SplitBrainProtectionOn getProtectOn() {
        return protectOn;
    }

    /**
     * Sets what {@link #getProtectOn()} answers.
     *
     * @param protectOn as {@link #getProtectOn()} answers it
     * @return this
     */
    public SplitBrainProtectionConfig setProtectOn(SplitBrainProtectionOn protectOn) {
        setByCode.add("protect-on");
        this.protectOn = requireNonNull(protectOn, "protectOn");
        return this;
    }

    SetByCode setByCode() {
        return setByCode;
    }

    @Override
    public String toString() {
        return Settings.SPLIT_BRAIN.describe(this, name);
    }
}
