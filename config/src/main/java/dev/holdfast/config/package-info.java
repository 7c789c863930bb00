/**
 * What a user sets, programmatically or in a file: plain mutable values with their defaults, limits and relations.
 *
 * <p>No thread lives here. A configuration belongs to the thread that builds it; a node takes a {@link
 * dev.holdfast.config.Config#copy() copy} when it starts and is not changed by what happens to the original afterwards.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
