package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.MessageHandler;
import dev.holdfast.storage.log.Epoch;

/** A message as if it were of another epoch: what a receiver that does not compare epochs makes of it. */
final class ForgedEpoch implements MessageHandler {

    private final Epoch epoch;
    private Message forged;

    private ForgedEpoch(Message message, Epoch epoch) {
        this.forged = message;
        this.epoch = epoch;
    }

    static Message of(Message message, Epoch epoch) {
        ForgedEpoch forging = new ForgedEpoch(message, epoch);
        message.dispatchTo(forging);
        return forging.forged;
    }

    @Override
    public void beacon(Message.Beacon message) {
        forged = new Message.Beacon(epoch, message.stamp());
    }

    @Override
    public void append(Message.Append message) {
        forged = new Message.Append(epoch, message.run(), message.committed());
    }

    @Override
    public void committed(Message.Committed message) {
        forged = new Message.Committed(epoch, message.committed());
    }

    @Override
    public void followAccepted(Message.FollowAccepted message) {
        forged = new Message.FollowAccepted(
                epoch, message.stream(), message.from(), message.committed(), message.version(), message.learner());
    }

    @Override
    public void truncateTo(Message.TruncateTo message) {
        forged = new Message.TruncateTo(epoch, message.yourEnd(), message.to());
    }

    @Override
    public void followAgain(Message.FollowAgain message) {
        forged = new Message.FollowAgain(epoch);
    }

    @Override
    public void historiesDiffer(Message.HistoriesDiffer message) {
        forged = new Message.HistoriesDiffer(epoch, message.detail());
    }

    @Override
    public void checkpointNeeded(Message.CheckpointNeeded message) {
        forged = new Message.CheckpointNeeded(epoch, message.stream());
    }

    @Override
    public void checkpointPart(Message.CheckpointPart message) {
        forged = new Message.CheckpointPart(epoch, message.chunk());
    }

    @Override
    public void follow(Message.Follow message) {
        forged = new Message.Follow(epoch, message.stream(), message.end(), message.history(), message.suspect());
    }

    @Override
    public void ack(Message.Ack message) {
        forged = new Message.Ack(epoch, message.stream(), message.acknowledged(), message.committed());
    }

    @Override
    public void beaconAck(Message.BeaconAck message) {
        forged = new Message.BeaconAck(epoch, message.stamp());
    }

    @Override
    public void checkpointWanted(Message.CheckpointWanted message) {
        forged = new Message.CheckpointWanted(epoch, message.place());
    }

    @Override
    public void refused(Message.Refused message) {
        forged = new Message.Refused(epoch);
    }

    @Override
    public void suspectEnd(Message.SuspectEnd message) {
        forged = new Message.SuspectEnd(epoch, message.version(), message.end());
    }
}
