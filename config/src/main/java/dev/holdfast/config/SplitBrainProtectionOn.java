package dev.holdfast.config;

/** Which operations are refused while the cluster is smaller than the protection demands. */
public enum SplitBrainProtectionOn {
    /** Operations that read stored data, such as {@code retrieveResult}. */
    READ,
    /** Operations that store, remove or shut down, such as {@code submit} and {@code disposeResult}. */
    WRITE,
    /** Both. */
    READ_WRITE;

    /** {@return whether reading operations are protected} */
    public boolean protectsReads() {
        return this != WRITE;
    }

    /** {@return whether writing operations are protected} */
    public boolean protectsWrites() {
        return this != READ;
    }
}
