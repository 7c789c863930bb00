package dev.holdfast.replication.protocol;

/** One method for each {@link Output}. */
public interface OutputHandler {
    void send(Output.Send output);

    void acknowledge(Output.Acknowledge output);

    void advanceCommit(Output.AdvanceCommit output);

    void appendOwn(Output.AppendOwn output);

    void appendCopy(Output.AppendCopy output);

    void force(Output.Force output);

    void truncate(Output.Truncate output);

    void persistEpoch(Output.PersistEpoch output);

    void readLog(Output.ReadLog output);

    void readCheckpoint(Output.ReadCheckpoint output);

    void storeCheckpoint(Output.StoreCheckpoint output);

    void installCheckpoint(Output.InstallCheckpoint output);

    void propose(Output.Propose output);

    void becomePrimary(Output.BecomePrimary output);

    void startServing(Output.StartServing output);

    void changeLease(Output.ChangeLease output);

    void stopStarts(Output.StopStarts output);

    void resumeStarts(Output.ResumeStarts output);

    void stepDown(Output.StepDown output);

    void refuseRun(Output.RefuseRun output);

    void reportViolation(Output.ReportViolation output);

    void quarantine(Output.Quarantine output);
}
