package dev.holdfast.config;

/** What happens when the stored results of an executor reach their limit. */
public enum WhenFull {
    /** The oldest results are removed; their ids then answer {@code EVICTED}. */
    EVICT_OLDEST,
    /** New submissions are refused until results are disposed of. The result of an accepted task is always stored. */
    REJECT
}
