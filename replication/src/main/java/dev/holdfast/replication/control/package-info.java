/**
 * Who belongs to the cluster, and who holds which partition. {@link dev.holdfast.replication.control.ClusterTable} and what
 * it is made of are pure: no thread, clock, file, socket, logger or randomness, the same code on every member and in the
 * simulator; so is {@link dev.holdfast.replication.control.Placement}. {@link
 * dev.holdfast.replication.control.ControlPlane} is what the table is reached through, {@link
 * dev.holdfast.replication.control.ControlTransport} what an implementation of it speaks over.
 *
 * <p>The control plane's applying thread owns the table; a {@link dev.holdfast.replication.control.ClusterState} is
 * immutable and belongs to everybody.
 */
@NullMarked
package dev.holdfast.replication.control;

import org.jspecify.annotations.NullMarked;
