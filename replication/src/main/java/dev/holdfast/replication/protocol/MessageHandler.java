package dev.holdfast.replication.protocol;

/** One method for each {@link Message}. */
public interface MessageHandler {
    void beacon(Message.Beacon message);

    void append(Message.Append message);

    void committed(Message.Committed message);

    void followAccepted(Message.FollowAccepted message);

    void truncateTo(Message.TruncateTo message);

    void followAgain(Message.FollowAgain message);

    void historiesDiffer(Message.HistoriesDiffer message);

    void checkpointNeeded(Message.CheckpointNeeded message);

    void checkpointPart(Message.CheckpointPart message);

    void follow(Message.Follow message);

    void ack(Message.Ack message);

    void beaconAck(Message.BeaconAck message);

    void checkpointWanted(Message.CheckpointWanted message);

    void refused(Message.Refused message);

    void suspectEnd(Message.SuspectEnd message);
}
