/**
 * The control plane in production: Apache Ratis keeps one log of commands on the voters, {@link
 * dev.holdfast.replication.control.ratis.RatisControlPlane} is a member of it, on {@link
 * dev.holdfast.replication.control.ControlTransport}. Nothing of Ratis is seen outside this package, and nothing that Ratis
 * reads is decided on: a change compares with what it saw, within the log.
 *
 * <p>Threads: Ratis has its own, of which the one that applies calls listeners; a member adds one timer and a few threads
 * that answer requests. All of them end with {@code close}.
 */
@NullMarked
package dev.holdfast.replication.control.ratis;

import org.jspecify.annotations.NullMarked;
