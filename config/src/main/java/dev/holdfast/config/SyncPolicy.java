package dev.holdfast.config;

/** When a stored record is forced to the disk, and so what an acknowledged task survives. */
public enum SyncPolicy {
    /** Never on purpose: the operating system decides. Survives the death of the process, not of the machine. */
    OS,
    /**
     * Every {@link StorageConfig#getSyncInterval() sync interval}, after the acknowledgement. A power loss costs at most
     * about that much.
     */
    INTERVAL,
    /** Before the acknowledgement, many tasks at a time. Survives power loss. */
    ALWAYS
}
