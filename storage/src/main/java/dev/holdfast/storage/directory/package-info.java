/**
 * The data directory of a node and the small files that everything else stands on: the lock, {@code node.properties}, the
 * limits files, the high-water marks, and the identity of the page cache.
 *
 * <p>Opened and closed by the thread that starts and stops the node. A {@link
 * dev.holdfast.storage.directory.HighWaterMark} belongs to whoever holds its partition; the limits of a partition may be
 * raised from any thread. Nothing here loads a class of Chronicle.
 */
@NullMarked
package dev.holdfast.storage.directory;

import org.jspecify.annotations.NullMarked;
