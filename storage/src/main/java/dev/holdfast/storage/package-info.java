/**
 * A node's storage as one thing: the data directory with its lock and identity, and the logs of its partitions. {@link
 * dev.holdfast.storage.NodeStorage} is for the node that owns the directory, {@link dev.holdfast.storage.ReadOnlyStorage}
 * for whoever looks at one that stands still.
 *
 * <p>Opened and closed by the thread that starts and stops the node. Two threads of its own decide nothing: {@code
 * holdfast-storage-ahead} makes segments and takes space ahead of the writers, {@code holdfast-storage-write} has the disk write
 * what they have left behind.
 */
@NullMarked
package dev.holdfast.storage;

import org.jspecify.annotations.NullMarked;
