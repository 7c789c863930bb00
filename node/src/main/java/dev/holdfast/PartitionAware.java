package dev.holdfast;

/** A task that names the key whose partition it belongs to; an explicit key goes before it.
 *
 * @param <K> type of the key
 */
public interface PartitionAware<K> {

    /**
     * The key. Called once, on the thread that submits.
     *
     * @return serialisable; null means none
     */
    @org.jspecify.annotations.Nullable
    K getPartitionKey();
}
