package dev.holdfast.config;

/** When a stored record is forced to the disk, and so what an acknowledged task survives. */
public enum SyncPolicy {
    /**
     * Never on purpose: the operating system decides. Survives the death of the process, not of the machine. A member of a cluster
     * writes out what it has in the background, so that who takes over from a lost one has little left to force; nothing is promised by that.
     */
    OS,
    /**
     * Every {@link StorageConfig#getSyncInterval() sync interval}, after the acknowledgement. A power loss costs at most
     * about that much.
     */
    INTERVAL,
    /** Before the acknowledgement, many tasks at a time. Survives power loss. */
    ALWAYS
}
