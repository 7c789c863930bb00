package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SnapshotItem.Removal;
import dev.holdfast.storage.log.SnapshotItem.State;
import org.jspecify.annotations.Nullable;

/**
 * What one record does to one task; counts, indexes and notices follow from it.
 *
 * @param before null for a task that was just submitted
 * @param after the task afterwards; if it leaves the ring, as it was last
 * @param removal why it leaves the ring, or null if it stays
 */
record Change(
        @Nullable StoredEntry before,
        StoredEntry after,
        @Nullable Removal removal) {

    static Change stays(StoredEntry before, StoredEntry after) {
        return new Change(before, after, null);
    }

    static Change leaves(StoredEntry last, Removal removal) {
        return new Change(last, last, removal);
    }

    boolean submitted() {
        return before == null;
    }

    boolean ended() {
        return before != null && !before.isTerminal() && after.isTerminal();
    }

    /** It was cancelled while an attempt may be running. */
    boolean interrupted() {
        return before != null && before.isUnfinished() && after.state() == State.CANCELLED;
    }

    boolean held() {
        return before != null && !before.isHeld() && after.isHeld();
    }

    boolean retried() {
        return before != null && !before.isUnfinished() && after.isUnfinished();
    }

    /** Whether it is a stored result from now on. */
    boolean storesResult() {
        return removal == null && ended();
    }
}
