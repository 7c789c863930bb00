package dev.holdfast.replication;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import java.util.List;

/**
 * The copies of one partition as its primary sees them. What was appended counts once it is committed: on every in-sync
 * copy, forced there where the sync policy says so. Only then may it be applied, answered and shown.
 *
 * <p>Threads: {@link #append}, {@link #end} and {@link #acknowledge} belong to whoever holds the partition; {@link
 * #committed} and {@link #mayServe} may be called by any thread.
 */
public interface ReplicaGroup {

    /** The epoch that everything here is appended under. */
    Epoch epoch();

    /**
     * Appends all records, in order, or none.
     *
     * @return the records as the log keeps them: only these may be applied
     * @throws LogFullException nothing was appended
     * @throws LogFailedException whether they are in the log is not known; the node has to stop
     */
    List<LogRecord.Replicated> append(List<? extends LogRecord.Replicated> records);

    /** The end of what was appended. */
    LogEnd end();

    /**
     * The last record that is committed. Grows within {@link #append} or later; in the second case the listener is called
     * after it grew.
     */
    Lsn committed();

    /** Notes, before anybody is told, that the records up to {@code lsn}, all committed, are about to be acknowledged. */
    void acknowledge(Lsn lsn);

    /**
     * Sets what is called when the commit advances outside {@link #append}: without any lock held, by a storage thread that
     * others wait for. Called once, before the first append.
     */
    void onCommit(Runnable listener);

    /** The log has a new checkpoint: others may need to know where it begins now. Any thread. */
    default void checkpointWritten() {}

    /** Whether this primary may still serve reads and start tasks. */
    boolean mayServe();
}
