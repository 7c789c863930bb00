package dev.holdfast.replication.control;

/** What a member does for the control plane, and whether it holds replicas. */
public enum Role {
    /** Votes, and holds replicas. */
    VOTER,
    /** Follows the control plane without a vote, and holds replicas. */
    LISTENER,
    /** Votes, and holds no replica: the third voice beside two nodes. */
    WITNESS;

    public boolean holdsReplicas() {
        return this != WITNESS;
    }

    public boolean votes() {
        return this != LISTENER;
    }
}
