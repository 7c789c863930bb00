package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Lsn;
import java.util.OptionalLong;

/** What a log keeps beside its segments. {@link #raise} belongs to whoever holds the partition. */
public interface LogMarks {

    /** The acknowledged end, as {@link dev.holdfast.storage.log.PartitionLog#acknowledge} left it. */
    Lsn mark();

    void raise(Lsn to);

    /** Sets the mark back to the end of a log that lost its tail; forced. */
    void lower(Lsn to);

    /** Session of the incarnation that began to write this log last, 0 if none did. */
    long previousSession();

    /** Whether that incarnation ended without closing the log. */
    boolean crashed();

    /** Whether what that incarnation wrote and did not force may be gone. */
    boolean pageCacheLost();

    /** Whether the log that was here was set aside, and has not been made up for. */
    default boolean emptied() {
        return false;
    }

    /** With {@link #emptied}: since which version of its row the log learns, if that was noted. */
    default OptionalLong learnsSince() {
        return OptionalLong.empty();
    }

    /** Notes that, forced. */
    default void noteLearnsSince(long rowVersion) {
        throw new UnsupportedOperationException("A log that was never set aside learns nothing again");
    }

    /** The log was read and found good; forced before anything is appended. */
    void begin();

    /** The end of the log is fixed and what was lost is in it, forced; also, an emptied log has been made up for. */
    void settle();
}
