package dev.holdfast.replication.protocol;

/** One input to what it is about: first what outlives the role, then the role. */
final class Inputs implements InputHandler {

    private final PartitionReplica replica;
    private final ReplicaState state;

    Inputs(PartitionReplica replica, ReplicaState state) {
        this.replica = replica;
        this.state = state;
    }

    @Override
    public void received(Input.Received input) {
        replica.receive(input.from(), input.session(), input.message());
    }

    @Override
    public void tick(Input.Tick input) {
        state.table.tick(state.now());
        replica.role().tick();
    }

    @Override
    public void appendDone(Input.AppendDone input) {
        replica.role().appended(state.log.appended(input));
    }

    @Override
    public void appendRefused(Input.AppendRefused input) {
        state.log
                .refused()
                .ifPresent(id -> state.outputs.add(new Output.RefuseRun(id, Refusal.LOG_FULL, replica.leader())));
        replica.role().refused();
    }

    @Override
    public void forceDone(Input.ForceDone input) {
        state.log.forced(input.end());
        replica.role().forced();
    }

    @Override
    public void truncateDone(Input.TruncateDone input) {
        state.truncated(input.end());
        replica.role().logSettled();
    }

    @Override
    public void epochPersisted(Input.EpochPersisted input) {
        state.persisted(input.epoch());
        replica.role().tick();
    }

    @Override
    public void rowApplied(Input.RowApplied input) {
        boolean otherTerms = state.table.terms(input.terms());
        boolean newer = state.table.applied(input.row());
        replica.row(newer);
        if (otherTerms && !newer) {
            replica.role().tick();
        }
    }

    @Override
    public void proposalConfirmed(Input.ProposalConfirmed input) {
        replica.row(state.table.applied(input.row()));
    }

    @Override
    public void proposalConflict(Input.ProposalConflict input) {
        replica.row(state.table.conflicted(input.id(), input.current(), state.now()));
        replica.role().tick();
    }

    @Override
    public void proposalIndeterminate(Input.ProposalIndeterminate input) {
        state.table.indeterminate(input.id(), state.now());
    }

    @Override
    public void clientRun(Input.ClientRun input) {
        replica.offer(input)
                .ifPresent(why -> state.outputs.add(new Output.RefuseRun(input.id(), why, replica.leader())));
    }

    @Override
    public void epochRun(Input.EpochRun input) {
        replica.role().epochOpened(input);
    }

    @Override
    public void logRead(Input.LogRead input) {
        replica.role().logRead(input.to(), input.from(), input.runs());
    }

    @Override
    public void logGone(Input.LogGone input) {
        replica.role().logGone(input.to(), input.from());
    }

    @Override
    public void logTrimmed(Input.LogTrimmed input) {
        state.log.trimmed(input.base());
    }

    @Override
    public void checkpointRead(Input.CheckpointRead input) {
        replica.role().checkpointRead(input.to(), input.chunk());
    }

    @Override
    public void checkpointStored(Input.CheckpointStored input) {
        replica.role().checkpointStored(input.next());
    }

    @Override
    public void checkpointInstalled(Input.CheckpointInstalled input) {
        state.installed(input.at());
        replica.role().logSettled();
    }

    @Override
    public void handOver(Input.HandOver input) {
        replica.role().handOver(input);
    }

    @Override
    public void handOverCancelled(Input.HandOverCancelled input) {
        replica.role().handOverCancelled();
    }

    @Override
    public void drained(Input.Drained input) {
        replica.role().drained();
    }

    @Override
    public void dropMember(Input.DropMember input) {
        replica.role().dropMember(input.node());
    }

    @Override
    public void peerGone(Input.PeerGone input) {
        if (state.settings.refusedConnectionCounts()) {
            replica.role().peerGone(input.node(), input.session());
        }
    }

    @Override
    public void clockJumped(Input.ClockJumped input) {
        replica.role().clockJumped();
    }
}
