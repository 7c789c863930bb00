package dev.holdfast.replication.runtime;

import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import java.util.List;

/** The copies of a partition during one epoch of this node. Threads as {@link ReplicaGroup} says. */
public final class ReplicatedGroup implements ReplicaGroup {

    private final ReplicaShell shell;
    private final Epoch epoch;

    ReplicatedGroup(ReplicaShell shell, Epoch epoch) {
        this.shell = shell;
        this.epoch = epoch;
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    /**
     * As {@link ReplicaGroup#append}.
     *
     * @throws RunRefusedException also: nothing was appended, this node leads no more or can not take it now
     */
    @Override
    public List<LogRecord.Replicated> append(List<? extends LogRecord.Replicated> records) {
        return records.isEmpty() ? List.of() : shell.appendOwn(epoch, records);
    }

    @Override
    public LogEnd end() {
        return shell.end();
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
