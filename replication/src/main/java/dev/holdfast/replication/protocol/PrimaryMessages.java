package dev.holdfast.replication.protocol;

/** What a follower is told; what followers say is not for it. */
abstract class PrimaryMessages implements MessageHandler {

    @Override
    public final void follow(Message.Follow message) {}

    @Override
    public final void ack(Message.Ack message) {}

    @Override
    public final void beaconAck(Message.BeaconAck message) {}

    @Override
    public final void checkpointWanted(Message.CheckpointWanted message) {}

    @Override
    public final void refused(Message.Refused message) {}

    @Override
    public final void suspectEnd(Message.SuspectEnd message) {}
}
