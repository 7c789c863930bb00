/**
 * A node's storage as one thing: the data directory with its lock and identity, and the logs of its partitions. {@link
 * dev.holdfast.storage.NodeStorage} is for the node that owns the directory, {@link dev.holdfast.storage.ReadOnlyStorage}
 * for whoever looks at one that stands still.
 *
 * <p>Opened and closed by the thread that starts and stops the node. One thread of its own, {@code
 * holdfast-storage-ahead}, makes segments, takes space and forces ahead of the writers; it decides nothing.
 */
@NullMarked
package dev.holdfast.storage;

import org.jspecify.annotations.NullMarked;
