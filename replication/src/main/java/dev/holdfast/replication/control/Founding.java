package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a cluster was founded as; written once and never changed.
 *
 * @param clusterUuid the cluster's identity; nodes of another are refused
 * @param voters the disk ids of the founding voters: a blank node starts with the founding group only if its disk id is
 *     among them, so that a wiped voter does not vote a second time
 * @param partitionCount 1 to {@link PartitionId#MAX} + 1, for ever
 * @param origin the embedded node that the cluster grew from, if any; one of {@code voters}
 */
public record Founding(String clusterUuid, SortedSet<NodeId> voters, int partitionCount, Optional<Origin> origin) {

    static final int MAX_UUID_LENGTH = 64;
    static final int MAX_VOTERS = 9;

    public Founding {
        Limits.requireText("cluster UUID", clusterUuid, MAX_UUID_LENGTH);
        voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
        Limits.requireRange("number of voters", voters.size(), 1, MAX_VOTERS);
        Limits.requireRange("partition count", partitionCount, 1, PartitionId.MAX + 1);
        if (origin.isPresent() && !voters.contains(origin.get().node())) {
            throw new IllegalArgumentException(
                    "The origin does not vote: origin=" + origin.get().node() + ", voters=" + voters);
        }
    }
}
