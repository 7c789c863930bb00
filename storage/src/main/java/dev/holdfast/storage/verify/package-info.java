/**
 * Reads the data directory of a node that was stopped or killed, judges it, shows its records, and changes nothing.
 *
 * <p>Everything runs on the caller's thread. A node is kept out while its directory is read.
 */
@NullMarked
package dev.holdfast.storage.verify;

import org.jspecify.annotations.NullMarked;
