/**
 * What a partition's primary needs of its copies: {@link dev.holdfast.replication.ReplicaGroup}, and the group of one copy
 * that an embedded node runs on.
 *
 * <p>Whoever holds a partition owns its group; the only thread here is the one that forces logs, {@link
 * dev.holdfast.replication.GroupForce}.
 */
@NullMarked
package dev.holdfast.replication;

import org.jspecify.annotations.NullMarked;
