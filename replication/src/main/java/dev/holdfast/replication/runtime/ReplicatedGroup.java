package dev.holdfast.replication.runtime;

import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.AppendedRun;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import java.util.List;

/**
 * The copies of a partition during one epoch of this node. Threads as {@link ReplicaGroup} says.
 *
 * <p>What its caller sees when this replica is deposed, in this order:
 *
 * <ol>
 *   <li>{@link #mayServe} is false, for ever, and {@link #append} throws {@link RunRefusedException}: from the moment at which
 *       the replica knows, on the caller's thread, without anything of those records in any log. An append that is under way
 *       then either returns, and what it appended is in this log and counts as appended before, or throws that.
 *   <li>{@link #committed} may still grow, up to what was committed when the replica was deposed.
 *   <li>{@link ReplicaListener#stepDown} is called, on a worker, with the shell's lock held, never within {@link #append}. What
 *       it is told as committed is final for this group: what was appended up to there is committed, to be applied and
 *       answered. Of what was appended above nobody knows whether it will be: it is in this log, is truncated or becomes
 *       committed under another primary. Nothing here completes it: it is the caller's to answer, as not known, and to drop.
 *   <li>From then on nothing calls the listener of {@link #onCommit}, but for a call that was on its way.
 * </ol>
 *
 * <p>{@link #append} takes the shell's lock with the partition held; a listener has the shell's lock, and so must not wait for
 * the partition. What {@link ReplicaListener#stepDown} has to do with it is done by who finds it free.
 */
public final class ReplicatedGroup implements ReplicaGroup {

    private final ReplicaShell shell;
    private final Epoch epoch;
    private volatile LogEnd end;

    ReplicatedGroup(ReplicaShell shell, Epoch epoch) {
        this.shell = shell;
        this.epoch = epoch;
        this.end = shell.end();
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    /**
     * As {@link ReplicaGroup#append}.
     *
     * @throws RunRefusedException also: nothing was appended, this node leads no more or can not take it now
     * @throws IllegalArgumentException also: nothing was appended, a record is larger than the other members take
     */
    @Override
    public List<LogRecord.Replicated> append(List<? extends LogRecord.Replicated> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        AppendedRun appended = shell.appendOwn(epoch, records);
        end = appended.run().after();
        return appended.kept();
    }

    /** Of what was appended here, whatever others have put behind it since this node leads no more. */
    @Override
    public LogEnd end() {
        return end;
    }

    @Override
    public void checkpointWritten() {
        shell.checkpointWritten();
    }

    @Override
    public Lsn committed() {
        return shell.committed();
    }

    @Override
    public void acknowledge(Lsn lsn) {
        shell.acknowledge(lsn);
    }

    @Override
    public void onCommit(Runnable listener) {
        shell.onCommit(listener);
    }

    @Override
    public boolean mayServe() {
        return shell.mayServe(epoch);
    }
}
