/**
 * The shell around the pure replication core: {@link dev.holdfast.replication.runtime.ReplicaShell} owns a {@link
 * dev.holdfast.replication.protocol.PartitionReplica}, carries out what it says over a log, a transport and the control
 * plane, and gives it what comes of that.
 *
 * <p>One thread of the {@link dev.holdfast.replication.runtime.ShellThreads} at a time runs a shell; who has something for it
 * puts it into its inbox. Nothing here runs on a thread of the network.
 */
@NullMarked
package dev.holdfast.replication.runtime;

import org.jspecify.annotations.NullMarked;
