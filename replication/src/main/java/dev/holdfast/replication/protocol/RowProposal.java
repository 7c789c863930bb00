package dev.holdfast.replication.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A compare-and-set on a row of the partition table: {@code next} takes the place of the row with version {@code expected} if
 * that is still the current one, and if every node of {@code sessions} is a member in exactly that session. Both are checked
 * where the change is applied. Repeating it can not apply it twice.
 *
 * @param sessions the proposer's, and that of a member that is to become in-sync or primary: a node that was started again
 *     meanwhile is not the one that was looked at
 */
public record RowProposal(ProposalId id, RowVersion expected, PartitionRow next, SortedMap<NodeId, Session> sessions) {

    public RowProposal {
        if (!next.version().equals(expected.next())) {
            throw new IllegalArgumentException(
                    "Not a change of a row: expected=" + expected + ", next=" + next.version());
        }
        sessions = Collections.unmodifiableSortedMap(new TreeMap<>((Map<NodeId, Session>) sessions));
    }
}
