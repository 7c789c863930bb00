package dev.holdfast.replication.protocol;

/** What a primary is told; what primaries say is not for it. */
abstract class FollowerMessages implements MessageHandler {

    @Override
    public final void beacon(Message.Beacon message) {}

    @Override
    public final void append(Message.Append message) {}

    @Override
    public final void committed(Message.Committed message) {}

    @Override
    public final void followAccepted(Message.FollowAccepted message) {}

    @Override
    public final void followAgain(Message.FollowAgain message) {}

    @Override
    public final void truncateTo(Message.TruncateTo message) {}

    @Override
    public final void historiesDiffer(Message.HistoriesDiffer message) {}

    @Override
    public final void checkpointNeeded(Message.CheckpointNeeded message) {}

    @Override
    public final void checkpointPart(Message.CheckpointPart message) {}

    /** Its epoch was looked at before. */
    @Override
    public final void refused(Message.Refused message) {}

    /** Somebody leads: whoever is suspect learns of it by itself. */
    @Override
    public final void suspectEnd(Message.SuspectEnd message) {}
}
