/**
 * The shell around the pure replication core: {@link dev.holdfast.replication.runtime.ReplicaShell} owns a {@link
 * dev.holdfast.replication.protocol.PartitionReplica}, carries out what it says over a log, a transport and the control
 * plane, and gives it what comes of that.
 *
 * <p>Who appends and, one at a time, the workers of {@link dev.holdfast.replication.runtime.ShellThreads} run a shell; others put
 * what they have into its inbox. Signs of life and time go by one thread that does no disk I/O. Nothing here runs on a thread of
 * the network but what takes messages in.
 */
@NullMarked
package dev.holdfast.replication.runtime;

import org.jspecify.annotations.NullMarked;
