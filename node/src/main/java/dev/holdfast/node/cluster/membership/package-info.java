/**
 * Everything of a cluster's member but its partitions: from a configuration and a data directory to a transport, a control
 * plane, a founded or joined cluster, and a session in it; afterwards who the others are, who should hold which partition, and
 * that all agree on their executors. The thread that starts the node does all of the first part and blocks; then one thread of
 * its own places replicas, and everything else is called by others and thread-safe.
 */
@NullMarked
package dev.holdfast.node.cluster.membership;

import org.jspecify.annotations.NullMarked;
