package dev.holdfast.node.routing;

import dev.holdfast.storage.log.PartitionId;

/**
 * The partition of a key. Never to be changed: stored tasks, idempotency keys and other members rely on it. FNV-1a over
 * the key's bytes in 64 bits, mixed by the finaliser of MurmurHash3, so that short and similar keys spread as well.
 */
public final class KeyPartition {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long MIX_1 = 0xff51afd7ed558ccdL;
    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;

    private KeyPartition() {}

    /** The partition, of {@code partitions}, of the key that is encoded as {@code key}. */
    public static PartitionId of(byte[] key, int partitions) {
        return new PartitionId((int) Long.remainderUnsigned(hash(key), partitions));
    }

    static long hash(byte[] key) {
        long hash = FNV_OFFSET;
        for (byte b : key) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * MIX_1;
        hash = (hash ^ (hash >>> 33)) * MIX_2;
        return hash ^ (hash >>> 33);
    }
}
