package dev.holdfast.node.remote;

import dev.holdfast.replication.protocol.NodeId;
import java.util.Optional;

/**
 * What a node says that was asked for a partition that it does not lead.
 *
 * @param tableVersion of the partition table that it goes by
 * @param leader who leads it by that table; empty if nobody does
 */
public record NotHere(long tableVersion, Optional<NodeId> leader) {

    static void write(WireWriter out, NotHere notHere) {
        out.i64(notHere.tableVersion).text(notHere.leader.map(NodeId::diskId).orElse(null));
    }

    static NotHere read(WireReader in) {
        return new NotHere(in.i64(), Optional.ofNullable(in.text()).map(NodeId::new));
    }
}
