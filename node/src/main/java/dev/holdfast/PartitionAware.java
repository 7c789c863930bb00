package dev.holdfast;

/** A task that names the key whose partition it belongs to; an explicit key goes before it. */
public interface PartitionAware<K> {

    /** The key; null means none. */
    @org.jspecify.annotations.Nullable
    K getPartitionKey();
}
