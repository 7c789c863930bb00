package dev.holdfast.storage.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What replication needs of a log besides {@link PartitionLog}: to hand its records over as bytes, to take another
 * replica's in, to be compared, cut back and replaced.
 *
 * <p>Threads: whatever changes where the log ends belongs to whoever holds the partition; {@link #readAfter}, {@link
 * #replay}, {@link #readCheckpoint} and the getters to any thread. A log is readable up to {@link #end} while it is
 * written.
 */
public interface ReplicatedLog extends PartitionLog {

    /**
     * Where each epoch ends in this log, oldest first; the last entry is {@link #end}. The first one is where the log
     * begins: a checkpoint has taken the place of what is before it. Unlike the others it may be of the same epoch as the
     * one behind it.
     */
    List<LogEnd> epochEnds();

    /**
     * Appends as {@link PartitionLog#append} does, and gives the bytes for the other replicas too.
     *
     * @param records at least one
     */
    AppendedRun appendOwn(Epoch epoch, List<? extends LogRecord.Replicated> records);

    /**
     * Appends what another replica's log has, byte for byte. It is checked like a file that may be damaged.
     *
     * @return the records as this log keeps them
     * @throws IllegalArgumentException it does not follow on {@link #end}, or is no run at all; nothing was appended
     * @throws LogFullException there is no room; nothing was appended
     * @throws LogFailedException the log can not be written any more
     */
    List<LogRecord.Replicated> appendCopy(ReplicatedRun run);

    /**
     * The records behind {@code after}, as bytes that another replica can append: whole ones of one epoch, about {@code
     * maxBytes}, at least one record unless the log ends there.
     *
     * @throws RecordsGoneException a checkpoint has taken their place
     * @throws IllegalArgumentException this log does not have {@code after}
     * @throws LogDamagedException they are not what was written
     */
    Optional<ReplicatedRun> readAfter(LogEnd after, int maxBytes);

    /**
     * Hands over the records behind {@code after} up to {@code upTo}, in the form that {@link #append} gave.
     *
     * @throws RecordsGoneException a checkpoint has taken their place
     * @throws LogDamagedException they are not what was written
     */
    void replay(Lsn after, Lsn upTo, ReplayHandler handler);

    /**
     * Where the log ended when {@code lsn} was its last record.
     *
     * @throws RecordsGoneException a checkpoint has taken its place
     * @throws IllegalArgumentException it is above the end, or within a record
     * @throws LogDamagedException what is there is not what was written
     */
    LogEnd endAt(Lsn lsn);

    /**
     * Voids everything above {@code to}, logically and forced: the high-water mark is lowered first. What was voided is
     * never read again, whatever happens to this process.
     *
     * @return {@link #end} from now on, all of it forced
     * @throws IllegalArgumentException {@code to} is below the newest checkpoint, above the end, or within a record
     * @throws LogFullException there is no room for the segment that says so; nothing was changed
     * @throws LogFailedException the log can not be written any more
     */
    LogEnd truncate(Lsn to);

    /** The end of the log that the newest checkpoint describes; empty if there is none. */
    Optional<LogEnd> checkpointEnd();

    /**
     * A piece of the newest checkpoint's file: from {@code offsetBytes} on if that checkpoint is at {@code at}, else from
     * its beginning.
     *
     * @throws IllegalStateException there is no checkpoint
     * @throws LogDamagedException it can not be read; the log goes on
     */
    CheckpointPart readCheckpoint(LogEnd at, long offsetBytes, int maxBytes);

    /**
     * Puts a piece of another replica's checkpoint into a place of its own, where no reader looks. One at offset 0 drops
     * what is there; others have to follow on it.
     *
     * @throws IllegalArgumentException it does not follow on what is there
     * @throws LogFullException there is no room
     * @throws LogFailedException the log can not be written any more
     */
    void storeCheckpoint(CheckpointPart part);

    /**
     * Puts the stored checkpoint in the place of the whole log, at once: it is verified, written as one of this log's own
     * and forced before anybody can see it, and a process that dies meanwhile leaves the old log or the new one (R14). The
     * log then ends in {@code at}, and nothing before that can be read.
     *
     * @param items given the items, to make the ring from, when the checkpoint is in place
     * @throws LogDamagedException what is stored is not whole, or not at {@code at}: it is dropped, the log stays
     * @throws LogFullException there is no room; what is stored and the log stay
     * @throws LogFailedException the log can not be written any more; also if the checkpoint turns out to be damaged once it
     *     began to take the log's place
     */
    void installCheckpoint(LogEnd at, ReplayHandler items);

    /**
     * Whether records that this log acknowledged may be gone, and nobody has said yet that it is made up for: {@link
     * #hasLostPageCache} or {@link #isEmptied}.
     */
    boolean isSuspect();

    /** Whether records that this log acknowledged may be gone with a page cache, and nobody has said yet that it is made up for. */
    boolean hasLostPageCache();

    /**
     * Whether the log that was here was set aside, and nobody has said yet that this one made up for it; then {@link #isSuspect}
     * is true too.
     */
    boolean isEmptied();

    /** With {@link #isEmptied}: since which version of the partition's row it learns, if that was {@link #noteLearnsSince noted}. */
    OptionalLong learnsSince();

    /**
     * Notes that beside the log, forced; it goes with {@link #isEmptied}, and does nothing where that is false.
     *
     * @param rowVersion at least 0
     * @throws LogFailedException it can not be noted
     */
    void noteLearnsSince(long rowVersion);

    /**
     * Ends the suspicion: this replica has caught up with the others. Forces first. A copy that is appended does not end it,
     * an own append does.
     */
    void settle();
}
