package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.ProtocolViolation;
import dev.holdfast.replication.protocol.TakeOver;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import java.util.List;

/**
 * What a partition's ring and its node do as the replica changes. Called by whoever runs the shell, with its lock held: must
 * not block, and must not wait for a thread that calls the shell, one that holds the partition included. One call at a time, in
 * order.
 */
public interface ReplicaListener {

    /** Takes committed records, in order, while this replica does not serve: the ring follows (R2). */
    ReplayHandler ring();

    /** A checkpoint is about to take the place of everything: the ring is empty again, {@link #ring} gets its items. */
    void ringReplaced();

    /**
     * This replica leads {@code epoch}, and serves nothing yet.
     *
     * @param end what is in the log behind the committed end may be committed still, and is given to {@link #ring} then
     * @return what opens the epoch, {@link LogRecord.EpochStarted} first
     */
    List<LogRecord.Replicated> becomePrimary(Epoch epoch, TakeOver how, boolean lossPossible, Lsn end);

    /** The epoch is committed and the ring is up to date: from now on who appends through {@code group} applies. */
    void startServing(ReplicatedGroup group);

    /**
     * This replica leads no more; comes once after each {@link #becomePrimary}, unless the shell ends. On a worker, never within
     * {@link ReplicatedGroup#append}; what holds then of the group is said there. When this returns the ring has nothing above
     * {@code committed}.
     *
     * @return up to where the ring has the log, {@link #ring} goes on from there; below {@code committed} if that is in the midst of what was
     *     appended at once
     */
    Lsn stepDown(Epoch seen, Lsn committed);

    /** A hand-over begins: start nothing, then call {@link ReplicaShell#drained}. */
    void stopStarts(HandOverKind kind, NodeId target);

    void resumeStarts();

    /**
     * This replica does nothing any more: its log is to be set aside, and learnt again. Comes after {@link #stepDown}, if this
     * replica led.
     */
    void quarantined(ProtocolViolation violation);

    /**
     * The log of this partition is damaged where it was read: it is to be set aside, and learnt again. The others of the node
     * are not concerned. Instead of {@link #stepDown}, and without the shell's lock, by whoever came upon it. Nothing more is
     * done here.
     */
    void damaged(LogDamagedException damage);

    /**
     * The log, or the disk below it, failed: the node has to stop. Instead of {@link #stepDown}, and without the shell's lock,
     * by whoever came upon it. Nothing more is done here.
     */
    void failed(Throwable cause);
}
