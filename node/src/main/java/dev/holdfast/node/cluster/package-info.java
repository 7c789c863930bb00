/**
 * A node's copies of the cluster's partitions: {@link dev.holdfast.node.cluster.ReplicaHost} has the ring follow another
 * node's, and makes the partition serve while this node leads it.
 *
 * <p>Listeners of replicas are called with the replica's lock held and hand everything that may take time to the node's
 * storage threads. User code does not run here.
 */
@NullMarked
package dev.holdfast.node.cluster;

import org.jspecify.annotations.NullMarked;
