package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much of a follower's log is the primary's (R9). Two logs that have a record of the same LSN and epoch are equal up to
 * it: an epoch has one primary, and a backup appends only what follows on its own end. So they are equal up to the lower one
 * of both ends of the largest epoch that both have, and no further. Both histories are there whole, so that no exchange has
 * to be iterated (KIP-279), and neither side's idea of what is committed is asked (KIP-101).
 *
 * @param upTo of a {@link Kind#PREFIX} and {@link Kind#TRUNCATE}: the end of what is equal
 * @param detail of {@link Kind#DIFFER}: what was found
 */
record Reconciliation(Kind kind, Lsn upTo, String detail) {

    enum Kind {
        /** All of it: the follower continues at its end. */
        PREFIX,
        /** What is above has to go. */
        TRUNCATE,
        /** Nothing that the primary's log still has. */
        CHECKPOINT,
        /** Equal by number and epoch, different by hash: one of them is damaged. */
        DIFFER
    }

    static Reconciliation of(EpochHistory primary, EpochHistory follower) {
        SortedSet<Epoch> common = epochs(primary);
        common.retainAll(epochs(follower));
        if (common.isEmpty()) {
            return new Reconciliation(Kind.CHECKPOINT, Lsn.NONE, "");
        }
        Optional<String> difference = difference(primary, follower, common);
        if (difference.isPresent()) {
            return new Reconciliation(Kind.DIFFER, Lsn.NONE, difference.get());
        }
        Lsn upTo = lower(
                primary.endOf(common.last()).lsn(),
                follower.endOf(common.last()).lsn());
        if (upTo.compareTo(primary.base().lsn()) < 0) {
            return new Reconciliation(Kind.CHECKPOINT, Lsn.NONE, "");
        }
        Kind kind = upTo.equals(follower.end().lsn()) ? Kind.PREFIX : Kind.TRUNCATE;
        return new Reconciliation(kind, upTo, "");
    }

    private static Optional<String> difference(EpochHistory primary, EpochHistory follower, SortedSet<Epoch> common) {
        for (Epoch epoch : common) {
            LogEnd ours = primary.endOf(epoch);
            LogEnd theirs = follower.endOf(epoch);
            if (ours.lsn().equals(theirs.lsn()) && !ours.equals(theirs)) {
                return Optional.of("primary=" + ours + ", follower=" + theirs);
            }
        }
        return Optional.empty();
    }

    private static SortedSet<Epoch> epochs(EpochHistory history) {
        SortedSet<Epoch> epochs = new TreeSet<>();
        history.entries().forEach(entry -> epochs.add(entry.epoch()));
        return epochs;
    }

    private static Lsn lower(Lsn one, Lsn other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
