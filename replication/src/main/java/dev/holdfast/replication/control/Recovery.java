package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.Epoch;

/**
 * The last time that somebody accepted the loss of data in a partition.
 *
 * @param survivor whose log counts from then on
 * @param epoch of the row that said so: a primary under the next one issues ids from the ceiling on
 * @param operator who asked for it, and why, as given
 * @param atMillis milliseconds since 1970 UTC by the operator's clock
 */
public record Recovery(NodeId survivor, Epoch epoch, String operator, long atMillis) {

    static final int MAX_OPERATOR_LENGTH = 512;

    public Recovery {
        Limits.requireText("operator", operator, MAX_OPERATOR_LENGTH);
    }
}
