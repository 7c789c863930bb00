package dev.holdfast.replication.protocol;

/**
 * Bounds of what a replica keeps and sends.
 *
 * @param windowRuns runs appended and not committed, and runs on their way to one follower
 * @param windowBytes the same in bytes; one run may be larger
 * @param chunkBytes of one read of the log or of a checkpoint for a follower; a learner has no more than two of them on its way
 */
public record ReplicaLimits(int windowRuns, long windowBytes, long chunkBytes) {

    public static final ReplicaLimits DEFAULT = new ReplicaLimits(1_024, 16 << 20, 256 << 10);

    public ReplicaLimits {
        if (windowRuns < 1 || windowBytes < 1 || chunkBytes < 1) {
            throw new IllegalArgumentException("Not limits: windowRuns=" + windowRuns + ", windowBytes=" + windowBytes
                    + ", chunkBytes=" + chunkBytes);
        }
    }
}
