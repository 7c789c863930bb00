package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A row as a member wants it, and on whose lives that rests.
 *
 * @param row the row after the change; its version is the one that is there plus 1
 * @param proposer who has to be a member in this session still
 * @param sessions the sessions of other nodes that must be in force, those of nodes that become in-sync among them: a node
 *     that restarted meanwhile may have an empty disk (KIP-903)
 */
public record RowChange(
        PartitionRow row, NodeId proposer, Session proposerSession, SortedMap<NodeId, Session> sessions) {

    public RowChange {
        sessions = Collections.unmodifiableSortedMap(new TreeMap<>(sessions));
        if (row.version().value() == 0) {
            throw new IllegalArgumentException("Nothing comes before version 0: partition=" + row.partition());
        }
    }

    /** The version that the row must have now. */
    public RowVersion expected() {
        return new RowVersion(row.version().value() - 1);
    }
}
