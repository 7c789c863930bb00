package dev.holdfast.config;

import dev.holdfast.config.load.ClusterSettings;

/**
 * The consensus group that keeps membership and partition ownership.
 *
 * Checked by {@link Config#validate()}. Not thread-safe.
 */
public final class ControlPlaneConfig {
    private int voters = 3;
    private boolean witness = false;

    /** The defaults. */
    public ControlPlaneConfig() {}

    /** {@return members that vote: the first 3 or 5 of the list of members} Default 3. */
    public int getVoters() {
        return voters;
    }

    /**
     * Sets what {@link #getVoters()} answers.
     *
     * @param voters as {@link #getVoters()} answers it
     * @return this
     */
    public ControlPlaneConfig setVoters(int voters) {
        this.voters = voters;
        return this;
    }

    /** {@return whether this member votes and holds no copies} Default false. */
    public boolean isWitness() {
        return witness;
    }

    /**
     * Sets what {@link #isWitness()} answers.
     *
     * @param witness as {@link #isWitness()} answers it
     * @return this
     */
    public ControlPlaneConfig setWitness(boolean witness) {
        this.witness = witness;
        return this;
    }

    @Override
    public String toString() {
        return ClusterSettings.CONTROL_PLANE.describe(this);
    }
}
