/**
 * Partitions that another node leads: the bytes of what is asked of them and answered, the server at the node that leads them,
 * and what stands for them everywhere else, members and clients alike. {@code docs/wire-protocol.md} draws the bytes.
 *
 * <p>Nothing here blocks a thread of the network; what is told to callers there must be short and run no user code.
 */
@NullMarked
package dev.holdfast.node.remote;

import org.jspecify.annotations.NullMarked;
