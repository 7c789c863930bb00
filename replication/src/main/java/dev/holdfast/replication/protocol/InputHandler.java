package dev.holdfast.replication.protocol;

/** One method for each {@link Input}. */
public interface InputHandler {
    void received(Input.Received input);

    void tick(Input.Tick input);

    void appendDone(Input.AppendDone input);

    void appendRefused(Input.AppendRefused input);

    void forceDone(Input.ForceDone input);

    void truncateDone(Input.TruncateDone input);

    void epochPersisted(Input.EpochPersisted input);

    void rowApplied(Input.RowApplied input);

    void proposalConfirmed(Input.ProposalConfirmed input);

    void proposalConflict(Input.ProposalConflict input);

    void proposalIndeterminate(Input.ProposalIndeterminate input);

    void clientRun(Input.ClientRun input);

    void epochRun(Input.EpochRun input);

    void logRead(Input.LogRead input);

    void logGone(Input.LogGone input);

    void logTrimmed(Input.LogTrimmed input);

    void checkpointRead(Input.CheckpointRead input);

    void checkpointStored(Input.CheckpointStored input);

    void checkpointInstalled(Input.CheckpointInstalled input);

    void handOver(Input.HandOver input);

    void handOverCancelled(Input.HandOverCancelled input);

    void drained(Input.Drained input);

    void dropMember(Input.DropMember input);

    void peerGone(Input.PeerGone input);

    void clockJumped(Input.ClockJumped input);
}
