package dev.holdfast.node.remote;

import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.replication.transport.Peer;

/** Who leads a partition, as far as this process knows. */
public sealed interface Owner {

    /** This node. */
    record Local(PartitionAccess partition) implements Owner {}

    /**
     * Another one.
     *
     * @param peer where it is asked
     * @param node its name, for people
     */
    record Remote(Peer peer, String node) implements Owner {}

    /**
     * Nobody, or nobody knows: a failover is under way.
     *
     * @param why for messages: what is missing
     */
    record None(String why) implements Owner {}
}
