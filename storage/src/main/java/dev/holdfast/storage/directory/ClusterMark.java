package dev.holdfast.storage.directory;

import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What the directory of a cluster's member says of its membership, see {@link ClusterFile}.
 *
 * @param clusterUuid the cluster; takes the place of the one in {@code node.properties}
 * @param partitionCount of the cluster; 1 to 32,767
 * @param founding the founding record as its codec writes it; read-only, whole from its position 0
 * @param session the control session that is in force, or was last; 0 before the first
 * @param pending the control session that was claimed last, or is being claimed: {@code session} or one more
 * @param joined whether the node has ever been a member
 */
public record ClusterMark(
        UUID clusterUuid, int partitionCount, ByteBuffer founding, long session, long pending, boolean joined) {

    public ClusterMark {
        if (partitionCount < 1 || partitionCount > PartitionId.MAX + 1) {
            throw new IllegalArgumentException("Not a partition count: partition-count=" + partitionCount);
        }
        if (session < 0 || (pending != session && pending != session + 1)) {
            throw new IllegalArgumentException("Not sessions: session=" + session + ", pending=" + pending);
        }
        founding = founding.asReadOnlyBuffer();
        if (!founding.hasRemaining() || founding.remaining() > ClusterFile.MAX_FOUNDING_BYTES) {
            throw new IllegalArgumentException("Not a founding record: bytes=" + founding.remaining()
                    + ", allowed are 1 to " + ClusterFile.MAX_FOUNDING_BYTES);
        }
    }

    /** A copy of the founding record. */
    public byte[] foundingBytes() {
        byte[] bytes = new byte[founding.remaining()];
        founding.duplicate().get(bytes);
        return bytes;
    }

    /** The same, with the next session pending. */
    public ClusterMark withNextPending() {
        return new ClusterMark(clusterUuid, partitionCount, founding, session, session + 1, joined);
    }

    /** The same, of a member in {@code inForce}. */
    public ClusterMark inSession(long inForce) {
        return new ClusterMark(clusterUuid, partitionCount, founding, inForce, inForce, true);
    }
}
