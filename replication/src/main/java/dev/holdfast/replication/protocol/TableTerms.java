package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import java.util.Optional;

/**
 * What the control table says of a partition beside its row.
 *
 * @param minInSync R1: members in sync without which nothing is committed; 1 or more
 * @param recovery the epoch of the last row that an operator made in spite of losing data: until a later one has begun in the
 *     log, acknowledged work may be missing
 */
public record TableTerms(int minInSync, Optional<Epoch> recovery) {

    public TableTerms {
        if (minInSync < 1) {
            throw new IllegalArgumentException("Not a number of members: minInSync=" + minInSync);
        }
    }

    /** Nothing was recovered. */
    public static TableTerms of(int minInSync) {
        return new TableTerms(minInSync, Optional.empty());
    }
}
