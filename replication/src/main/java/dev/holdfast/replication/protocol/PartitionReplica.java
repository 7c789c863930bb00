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
    private final Inputs inputs;
    private Backup backup;
    private Optional<Primary> primary = Optional.empty();
    private Optional<ProtocolViolation> quarantine = Optional.empty();

    /**
     * @param start see {@link ReplicaStart}
     * @param nowNanos the monotonic clock that every {@link #step} is given: the grace begins
     */
    public PartitionReplica(ReplicaSettings settings, ReplicaStart start, long nowNanos) {
        state = new ReplicaState(settings, start, nowNanos);
        inputs = new Inputs(this, state);
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
            input.dispatchTo(inputs);
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

    /**
     * Whether records that it acknowledged in an earlier life may be missing still (R11). To be noted on the disk until it is
     * false, so that a later life of this node starts with the same suspicion.
     */
    public boolean hasLostPageCache() {
        return state.hasLostPageCache();
    }

    /**
     * Since which version of the row a replica that was emptied learns: only a later one can have it in sync by what it has now.
     * To be noted on the disk with the mark of {@link ReplicaStart#emptied}, and to go with it. Empty if it was not emptied, or
     * has that behind it, or nobody has taken it for a learner yet.
     */
    public Optional<RowVersion> learnsSince() {
        return state.learnsSince();
    }

    /** The row as this replica last had it confirmed. */
    public Optional<PartitionRow> row() {
        return state.table.row();
    }

    Role role() {
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

    /** Takes a run in, or says why not. */
    Optional<Refusal> offer(Input.ClientRun run) {
        return primary.isPresent() ? primary.get().offer(run) : Optional.of(Refusal.NOT_PRIMARY);
    }

    void receive(NodeId from, Session session, Message message) {
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

    /** The row may be another; {@code newer} says whether it is. */
    void row(boolean newer) {
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
        state.forceIfNeeded(); // the table may have left it alone
        boolean leads = row.isPrimary(state.self()) && row.epoch().equals(state.seen());
        if (!leads) {
            stepDown();
        } else if (primary.isEmpty() && state.table.isOfThisSession(row)) {
            primary = Optional.of(new Primary(state, row.epoch(), backup.takeOver(row)));
        }
        role().rowChanged();
    }
}
