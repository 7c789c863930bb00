package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.Epoch;

/**
 * The embedded node whose data a cluster starts with: the only in-sync member of every partition at first.
 *
 * @param highestEpoch of any of its logs; its partitions go on above it
 * @param idCeiling above every sequence that it has reserved, over all partitions
 */
public record Origin(NodeId node, Epoch highestEpoch, long idCeiling) {

    public Origin {
        if (highestEpoch.equals(Epoch.NONE)) {
            throw new IllegalArgumentException("An embedded node has had an epoch: node=" + node);
        }
        if (idCeiling < 0 || idCeiling > RowRules.MAX_ID_CEILING) {
            throw new IllegalArgumentException("Not a ceiling: idCeiling=" + idCeiling);
        }
    }
}
