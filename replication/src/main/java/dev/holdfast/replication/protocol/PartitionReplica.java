package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * One node's replica of one partition: the rules R1 to R14 of {@code docs/replication.md} as far as they are about one
 * partition. A pure function of its inputs and their times: {@link #step} takes what happened and says what is to be done.
 *
 * <pre>
 *   BACKUP  -- the row names this node, in an epoch of this session ----------> PRIMARY
 *   PRIMARY -- a higher epoch is seen; the row names another or drops it ------> BACKUP
 *   either  -- a violation that says that this log, or what it holds, is wrong -> QUARANTINED
 * </pre>
 *
 * BACKUP is every replica that does not lead: in sync, learning, or not one any more.
 *
 * <p>Not thread-safe: whoever holds the partition calls it. What other threads may know comes out as outputs.
 */
public final class PartitionReplica {

    private final ReplicaState state;
    private Backup backup;
    private Optional<Primary> primary = Optional.empty();
    private Optional<ProtocolViolation> quarantine = Optional.empty();

    /**
     * @param start see {@link ReplicaStart}
     * @param nowNanos the monotonic clock that every {@link #step} is given: the grace begins
     */
    public PartitionReplica(ReplicaSettings settings, ReplicaStart start, long nowNanos) {
        state = new ReplicaState(settings, start, nowNanos);
        backup = new Backup(state);
        start.row().ifPresent(row -> {
            if (row.epoch().compareTo(state.seen()) >= 0) {
                state.see(row.epoch(), row.primary());
            }
        });
        backup.follow();
    }

    /**
     * Takes one input in.
     *
     * @param nowNanos monotonic, never less than before
     * @return what is to be done, in this order; of the first step also what the start asks for
     */
    public List<Output> step(Input input, long nowNanos) {
        if (quarantine.isPresent()) {
            return List.of();
        }
        state.now(nowNanos);
        try {
            input.dispatchTo(new Inputs());
        } catch (ViolationException e) {
            primary.ifPresent(Primary::leave);
            quarantine = Optional.of(e.violation());
            state.outputs.add(new Output.Quarantine(e.violation()));
        }
        List<Output> outputs = List.copyOf(state.outputs);
        state.outputs.clear();
        return outputs;
    }

    /** Whether reads may be answered and, unless a hand-over stops them, tasks started, at {@code nowNanos}. */
    public boolean mayServe(long nowNanos) {
        return quarantine.isEmpty()
                && primary.filter(each -> each.term().covers(nowNanos)).isPresent();
    }

    public boolean isPrimary() {
        return primary.isPresent();
    }

    public Optional<ProtocolViolation> quarantine() {
        return quarantine;
    }

    /** The highest epoch seen. */
    public Epoch epoch() {
        return state.seen();
    }

    /** Who leads that epoch, if this replica knows. */
    public Optional<Leader> leader() {
        return state.redirect().filter(each -> isPrimary() || !each.primary().equals(state.self()));
    }

    public Lsn committed() {
        return state.committed();
    }

    /** The row as this replica last had it confirmed. */
    public Optional<PartitionRow> row() {
        return state.table.row();
    }

    private Role role() {
        return primary.isPresent() ? primary.get() : backup;
    }

    /** R3: another epoch than the one that was, or its leader, is known. */
    private void see(Epoch epoch, Optional<NodeId> leader) {
        state.see(epoch, leader);
        stepDown();
        backup.follow();
    }

    private void stepDown() {
        if (primary.isPresent()) {
            primary.get().leave();
            primary = Optional.empty();
            state.outputs.add(new Output.StepDown(state.seen()));
            backup = new Backup(state);
        }
    }

    private void receive(NodeId from, Session session, Message message) {
        Session known = state.sessionOf(from);
        if (session.compareTo(known) < 0) {
            return;
        }
        if (session.compareTo(known) > 0) {
            state.heard(from, session);
            role().peerRestarted(from, session);
        }
        boolean ofPrimary = message instanceof Message.OfPrimary;
        int age = message.epoch().compareTo(state.seen());
        if (age < 0) {
            if (!(message instanceof Message.Refused)) {
                state.send(from, new Message.Refused(state.seen()));
            }
            return;
        }
        if (age > 0) {
            see(message.epoch(), ofPrimary ? Optional.of(from) : Optional.empty());
        }
        if (ofPrimary && !isLeader(from)) {
            return;
        }
        role().received(from, session, message);
    }

    /** The first that speaks as an epoch's primary is it, if no row has told before; nobody else can be (I8). */
    private boolean isLeader(NodeId from) {
        if (state.leader().isEmpty()) {
            state.learnLeader(from);
            backup.follow();
        }
        if (primary.isEmpty() && state.leader().filter(from::equals).isPresent()) {
            return true;
        }
        state.outputs.add(new Output.ReportViolation(
                from,
                new ProtocolViolation(
                        ProtocolViolation.Kind.TWO_PRIMARIES,
                        "epoch=" + state.seen() + ", leader=" + state.leader() + ", other=" + from)));
        return false;
    }

    private void row(boolean newer) {
        PartitionRow row = state.table.row().orElse(null);
        if (!newer || row == null) {
            return;
        }
        if (row.epoch().compareTo(state.seen()) > 0) {
            see(row.epoch(), row.primary());
        } else if (row.epoch().equals(state.seen())
                && row.primary().isPresent()
                && !row.primary().equals(state.leader())) {
            state.learnLeader(row.primary().get());
            backup.follow();
        }
        state.reviewSuspicion(row);
        boolean leads = row.isPrimary(state.self()) && row.epoch().equals(state.seen());
        if (!leads) {
            stepDown();
        } else if (primary.isEmpty() && state.table.isOfThisSession(row)) {
            primary = Optional.of(new Primary(state, row.epoch(), backup.takeOver(row)));
            state.leads();
        }
        role().rowChanged();
    }

    /** One input to what it is about: first what outlives the role, then the role. */
    private final class Inputs implements InputHandler {

        @Override
        public void received(Input.Received input) {
            receive(input.from(), input.session(), input.message());
        }

        @Override
        public void tick(Input.Tick input) {
            state.table.tick(state.now());
            role().tick();
        }

        @Override
        public void appendDone(Input.AppendDone input) {
            role().appended(state.log.appended(input));
        }

        @Override
        public void appendRefused(Input.AppendRefused input) {
            state.log
                    .refused()
                    .ifPresent(id -> state.outputs.add(new Output.RefuseRun(id, Refusal.LOG_FULL, leader())));
            role().refused();
        }

        @Override
        public void forceDone(Input.ForceDone input) {
            state.log.forced(input.end());
            role().forced();
        }

        @Override
        public void truncateDone(Input.TruncateDone input) {
            state.log.truncated(input.end());
            role().logSettled();
        }

        @Override
        public void epochPersisted(Input.EpochPersisted input) {
            state.persisted(input.epoch());
            role().tick();
        }

        @Override
        public void rowApplied(Input.RowApplied input) {
            row(state.table.applied(input.row()));
        }

        @Override
        public void proposalConfirmed(Input.ProposalConfirmed input) {
            row(state.table.applied(input.row()));
        }

        @Override
        public void proposalConflict(Input.ProposalConflict input) {
            row(state.table.conflicted(input.id(), input.current(), state.now()));
            role().tick();
        }

        @Override
        public void proposalIndeterminate(Input.ProposalIndeterminate input) {
            state.table.indeterminate(input.id(), state.now());
        }

        @Override
        public void clientRun(Input.ClientRun input) {
            Optional<Refusal> refusal =
                    primary.isPresent() ? primary.get().offer(input) : Optional.of(Refusal.NOT_PRIMARY);
            refusal.ifPresent(why -> state.outputs.add(new Output.RefuseRun(input.id(), why, leader())));
        }

        @Override
        public void epochRun(Input.EpochRun input) {
            role().epochOpened(input);
        }

        @Override
        public void logRead(Input.LogRead input) {
            role().logRead(input.to(), input.from(), input.runs());
        }

        @Override
        public void logGone(Input.LogGone input) {
            role().logGone(input.to(), input.from());
        }

        @Override
        public void logTrimmed(Input.LogTrimmed input) {
            state.log.trimmed(input.base());
        }

        @Override
        public void checkpointRead(Input.CheckpointRead input) {
            role().checkpointRead(input.to(), input.chunk());
        }

        @Override
        public void checkpointStored(Input.CheckpointStored input) {
            role().checkpointStored(input.next());
        }

        @Override
        public void checkpointInstalled(Input.CheckpointInstalled input) {
            state.log.installed(input.at());
            state.installed(input.at().lsn());
            role().logSettled();
        }

        @Override
        public void handOver(Input.HandOver input) {
            role().handOver(input);
        }

        @Override
        public void handOverCancelled(Input.HandOverCancelled input) {
            role().handOverCancelled();
        }

        @Override
        public void drained(Input.Drained input) {
            role().drained();
        }

        @Override
        public void dropMember(Input.DropMember input) {
            role().dropMember(input.node());
        }

        @Override
        public void peerGone(Input.PeerGone input) {
            if (state.settings.refusedConnectionCounts()) {
                role().peerGone(input.node(), input.session());
            }
        }

        @Override
        public void clockJumped(Input.ClockJumped input) {
            role().clockJumped();
        }
    }
}
