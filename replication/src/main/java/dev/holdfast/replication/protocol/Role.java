package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.LogEnd;
import java.util.List;

/**
 * What a replica is at the moment. Called with what concerns the role; the state that outlives a role is changed before. What
 * a role has no use for it leaves alone: answers to what an earlier role asked for come late.
 */
interface Role {

    /** A message of this epoch. */
    void received(NodeId from, Session session, Message message);

    void tick();

    /** {@code run} is in the log. */
    void appended(Run run);

    /** The first append that was asked for is not in the log. */
    void refused();

    /** The log is forced further. */
    default void forced() {}

    /** The log was truncated or replaced, and is quiet. */
    default void logSettled() {}

    /** The row changed, within the epoch. */
    default void rowChanged() {}

    default void epochOpened(Input.EpochRun run) {}

    default void logRead(NodeId to, LogEnd from, List<Run> runs) {}

    default void logGone(NodeId to, LogEnd from) {}

    default void checkpointRead(NodeId to, CheckpointChunk chunk) {}

    default void checkpointStored(CheckpointPlace next) {}

    default void handOver(Input.HandOver request) {}

    default void handOverCancelled() {}

    default void drained() {}

    default void dropMember(NodeId node) {}

    /** Another process of {@code node} than the ones heard before is there. */
    void peerRestarted(NodeId node, Session session);

    /** Nobody answers where {@code node} was in {@code session}: its process is gone. */
    void peerGone(NodeId node, Session session);

    void clockJumped();

    /** Ends: another epoch, or another role in it. */
    default void leave() {}
}
