/**
 * How the copies of a partition stay equal: values, and a core that decides and does nothing. No thread, clock, file, socket,
 * logger or randomness is in here; time comes in as a parameter, what is to be done goes out as a value.
 *
 * <p>Whoever holds a partition owns its replica of the protocol.
 */
@NullMarked
package dev.holdfast.replication.protocol;

import org.jspecify.annotations.NullMarked;
