package dev.holdfast.replication.runtime;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.LeaseTerm;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.OutputHandler;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.Refusal;
import dev.holdfast.replication.protocol.RunId;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what a replica says. Called under the shell's lock, but for the getters. */
final class ShellOutputs implements OutputHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ShellOutputs.class);

    private final ReplicaShell shell;
    private final ShellContext context;
    private final LogWork log;
    private final Proposer proposer;
    private final RingFollower ring;
    private volatile Output.@Nullable RefuseRun refused;
    private volatile LeaseTerm term = LeaseTerm.NONE;

    /** What the replica leads and serves as of its last step. */
    private volatile Epoch leads = Epoch.NONE;

    /** What the listener has been told to serve. */
    private volatile Epoch serving = Epoch.NONE;

    /** Of the last call of becomePrimary that no stepDown has followed. */
    private Epoch told = Epoch.NONE;

    ShellOutputs(ReplicaShell shell, ShellContext context) {
        this.shell = shell;
        this.context = context;
        this.ring = new RingFollower(context);
        this.log = new LogWork(shell, context, ring);
        this.proposer = new Proposer(shell, context);
    }

    /** From the log as it is now. */
    PartitionReplica newReplica() {
        deposed();
        leave(told);
        return log.newReplica();
    }

    /**
     * Within the replica's step: does what may be done at once, wherever the disk is, and notes of the rest what must not be
     * late.
     *
     * @return false: it is to be carried out in its turn
     */
    boolean atOnce(Output output) {
        if (output instanceof Output.Send
                || output instanceof Output.ChangeLease
                || output instanceof Output.RefuseRun) {
            output.dispatchTo(this);
            return true;
        }
        if (output instanceof Output.StartServing start) {
            leads = start.epoch();
        } else if (output instanceof Output.StepDown || output instanceof Output.Quarantine) {
            deposed();
        }
        return false;
    }

    private void deposed() {
        leads = Epoch.NONE;
        term = LeaseTerm.NONE;
    }

    Lsn committed() {
        return ring.committed();
    }

    /** Whether the commit advanced since the last call. */
    boolean commitIsKnown() {
        return ring.commitIsKnown();
    }

    /** @param stoodStill whether this process did a moment ago, so that others may lead by now whatever the lease says */
    boolean mayServe(Epoch epoch, BooleanSupplier stoodStill) {
        LeaseTerm now = term;
        return isServing(epoch)
                && now.covers(System.nanoTime())
                && (now.kind() == LeaseTerm.Kind.UNLIMITED || !stoodStill.getAsBoolean());
    }

    void checkServing(Epoch epoch) {
        if (shell.isClosed() || !isServing(epoch)) {
            throw new RunRefusedException(Refusal.NOT_PRIMARY, Optional.empty());
        }
        refused = null;
        log.appendFailure();
    }

    private boolean isServing(Epoch epoch) {
        return epoch.equals(serving) && epoch.equals(leads);
    }

    boolean isRefused(RunId id) {
        Output.RefuseRun refusal = refused;
        return refusal != null && refusal.id().equals(id);
    }

    /** Throws why the run was not appended, if it was not. */
    void checkAppended(RunId id, OwnRecords own) {
        RuntimeException failure = log.appendFailure();
        if (failure != null) {
            throw failure;
        }
        Output.RefuseRun refusal = refused;
        if (refusal != null && refusal.id().equals(id)) {
            throw new RunRefusedException(refusal.why(), refusal.leader());
        }
        if (!own.isAppended()) { // the shell was closed meanwhile
            throw new RunRefusedException(Refusal.NOT_PRIMARY, Optional.empty());
        }
    }

    @Override
    public void send(Output.Send output) {
        context.courier().send(context.partition(), output.to(), output.message());
    }

    @Override
    public void acknowledge(Output.Acknowledge output) {
        context.log().acknowledge(output.ack().acknowledged());
        context.courier().send(context.partition(), output.to(), output.ack());
    }

    @Override
    public void advanceCommit(Output.AdvanceCommit output) {
        ring.advance(output.committed());
    }

    @Override
    public void appendOwn(Output.AppendOwn output) {
        log.appendOwn(output);
    }

    @Override
    public void appendCopy(Output.AppendCopy output) {
        log.appendCopy(output);
    }

    @Override
    public void force(Output.Force output) {
        shell.forceInBackground();
    }

    @Override
    public void truncate(Output.Truncate output) {
        log.truncate(output);
    }

    @Override
    public void persistEpoch(Output.PersistEpoch output) {
        context.epochs().store(output.epoch());
        shell.answer(new Input.EpochPersisted(output.epoch()));
    }

    @Override
    public void readLog(Output.ReadLog output) {
        log.readLog(output);
    }

    @Override
    public void readCheckpoint(Output.ReadCheckpoint output) {
        log.readCheckpoint(output);
    }

    @Override
    public void storeCheckpoint(Output.StoreCheckpoint output) {
        log.storeCheckpoint(output);
    }

    @Override
    public void installCheckpoint(Output.InstallCheckpoint output) {
        log.installCheckpoint(output);
    }

    @Override
    public void propose(Output.Propose output) {
        proposer.propose(output.proposal());
    }

    @Override
    public void becomePrimary(Output.BecomePrimary output) {
        told = output.epoch();
        List<LogRecord.Replicated> opening = context.listener()
                .becomePrimary(
                        output.epoch(),
                        output.how(),
                        output.lossPossible(),
                        context.log().end().lsn());
        shell.answer(new Input.EpochRun(output.epoch(), OwnRecords.of(opening)));
    }

    @Override
    public void startServing(Output.StartServing output) {
        ring.stop();
        serving = output.epoch();
        context.listener().startServing(new ReplicatedGroup(shell, output.epoch()));
    }

    @Override
    public void changeLease(Output.ChangeLease output) {
        term = output.term();
    }

    @Override
    public void stopStarts(Output.StopStarts output) {
        context.listener().stopStarts(output.kind(), output.target());
    }

    @Override
    public void resumeStarts(Output.ResumeStarts output) {
        context.listener().resumeStarts();
    }

    @Override
    public void stepDown(Output.StepDown output) {
        leave(output.seen());
    }

    private void leave(Epoch seen) {
        if (told.equals(Epoch.NONE)) {
            return;
        }
        told = Epoch.NONE;
        serving = Epoch.NONE;
        shell.forgetCommitListener();
        ring.goOn(context.listener().stepDown(seen, ring.committed()));
    }

    @Override
    public void refuseRun(Output.RefuseRun output) {
        refused = output;
    }

    @Override
    public void reportViolation(Output.ReportViolation output) {
        LOG.warn(
                ErrorCode.REPLICA_MESSAGE_WRONG.says(
                        "A replica said what it can not say: partition={}, from={}, violation={}"),
                context.partition(),
                output.from(),
                output.violation());
    }

    @Override
    public void quarantine(Output.Quarantine output) {
        leave(told);
        context.listener().quarantined(output.violation());
    }
}
