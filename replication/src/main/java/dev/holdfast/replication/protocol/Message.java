package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.List;

/**
 * What replicas of one partition say to each other. All carry the epoch that the sender follows or leads; one lower than the
 * receiver's is answered with {@link Refused} and has no other effect (R3). Messages may be lost, repeated and late: each says
 * enough to be recognised as out of place.
 */
public sealed interface Message {

    /** Hands this to the method for its type: a new type breaks every handler's compilation. */
    void dispatchTo(MessageHandler handler);

    /** The highest epoch that the sender has seen. */
    Epoch epoch();

    /** Who sends it leads its epoch. */
    sealed interface OfPrimary extends Message {}

    /** Is for whoever leads its epoch. */
    sealed interface OfFollower extends Message {}

    /**
     * Primary to each follower: I am here. Answered with {@link BeaconAck}; the answer prolongs the lease (R4).
     */
    record Beacon(Epoch epoch, BeaconStamp stamp) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.beacon(this);
        }
    }

    /**
     * Primary to a follower that streams: append this, and this much is committed.
     *
     * @param committed of the primary's log; may be beyond the run
     */
    record Append(Epoch epoch, Run run, Lsn committed) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.append(this);
        }
    }

    /**
     * Primary to a follower that streams: this much is committed; sent when no run follows that could say so.
     */
    record Committed(Epoch epoch, Lsn committed) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.committed(this);
        }
    }

    /**
     * Primary to a follower: your log, up to {@code from}, its end, is mine; now it streams.
     *
     * @param version the last confirmed row's
     * @param learner whether the follower counts neither in that row nor as a candidate; what it lost before is no matter now
     */
    record FollowAccepted(Epoch epoch, StreamId stream, LogEnd from, Lsn committed, RowVersion version, boolean learner)
            implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.followAccepted(this);
        }
    }

    /**
     * Primary to a follower: of your log, which ends in {@code yourEnd}, only what is up to {@code to} is mine (R9).
     */
    record TruncateTo(Epoch epoch, LogEnd yourEnd, Lsn to) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.truncateTo(this);
        }
    }

    /**
     * Primary to a follower that it sends nothing to: whatever you believe, you have to ask to follow.
     */
    record FollowAgain(Epoch epoch) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.followAgain(this);
        }
    }

    /**
     * Primary to a follower: your log and mine have the same record with different hashes.
     */
    record HistoriesDiffer(Epoch epoch, String detail) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.historiesDiffer(this);
        }
    }

    /**
     * Primary to a follower whose log and the primary's have nothing in common that is still there (R14).
     */
    record CheckpointNeeded(Epoch epoch, StreamId stream) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.checkpointNeeded(this);
        }
    }

    /**
     * Primary to a learner, one for each {@link CheckpointWanted}.
     */
    record CheckpointPart(Epoch epoch, CheckpointChunk chunk) implements OfPrimary {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.checkpointPart(this);
        }
    }

    /**
     * Replica to its primary: I want to follow you, my log ends here. Repeated until answered.
     *
     * @param history of its log, oldest first, see {@link EpochHistory}
     * @param suspect it may have lost what it acknowledged: it must not count until it has caught up (R11)
     */
    record Follow(Epoch epoch, StreamId stream, LogEnd end, List<EpochEnd> history, boolean suspect)
            implements OfFollower {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.follow(this);
        }
    }

    /**
     * Follower to its primary: I have everything up to {@code acknowledged}, as durable as the policy demands (R1).
     *
     * @param committed what it knows to be committed, so that it is told again if that got lost
     */
    record Ack(Epoch epoch, StreamId stream, Lsn acknowledged, Lsn committed) implements OfFollower {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.ack(this);
        }
    }

    /**
     * Follower to its primary: I will not propose myself for a grace from now on.
     */
    record BeaconAck(Epoch epoch, BeaconStamp stamp) implements OfFollower {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.beaconAck(this);
        }
    }

    /**
     * Learner to its primary: the part of a checkpoint that begins there.
     */
    record CheckpointWanted(Epoch epoch, CheckpointPlace place) implements OfFollower {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.checkpointWanted(this);
        }
    }

    /**
     * To the sender of a message of a lower epoch.
     *
     * @param epoch the highest that its sender has seen
     */
    record Refused(Epoch epoch) implements Message {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.refused(this);
        }
    }

    /**
     * In-sync member to the others while nobody leads: I am suspect, and my log ends here (R13).
     *
     * @param version of the row that it goes by
     */
    record SuspectEnd(Epoch epoch, RowVersion version, LogEnd end) implements Message {
        @Override
        public void dispatchTo(MessageHandler handler) {
            handler.suspectEnd(this);
        }
    }
}
