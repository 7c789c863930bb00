package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Decision;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.RowChange;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowProposal;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the planted mistakes of {@link Mutation} make of rows, records and decisions. */
final class Mutated {

    private static final long CEILING_STEP = 1L << 32;

    private Mutated() {}

    /** No mistake: the row that allows more ids. */
    static PartitionRow withCeiling(PartitionRow row) {
        return next(row, row.inSync(), row.eligible(), row.idCeiling() + CEILING_STEP);
    }

    /** @param now the row before the change */
    static RowProposal proposal(Mutation mutation, RowProposal proposal, PartitionRow now) {
        PartitionRow next = proposal.next();
        if (mutation != Mutation.ELIGIBLE_WITH_MIN_IN_SYNC_1 || next.inSync().size() > 1) {
            return proposal;
        }
        SortedSet<NodeId> eligible = new TreeSet<>(now.inSync());
        eligible.addAll(now.eligible());
        eligible.removeAll(next.inSync());
        PartitionRow wrong = new PartitionRow(
                next.partition(),
                next.replicas(),
                next.inSync(),
                eligible,
                next.primary(),
                next.epoch(),
                next.version(),
                next.idCeiling());
        return new RowProposal(proposal.id(), proposal.expected(), wrong, proposal.sessions());
    }

    /** A primary that goes on committing does not look at who is eligible. */
    static PartitionRow seen(Mutation mutation, PartitionRow row, NodeId by) {
        if (mutation != Mutation.ELIGIBLE_WITH_MIN_IN_SYNC_1 || !row.isPrimary(by)) {
            return row;
        }
        return new PartitionRow(
                row.partition(),
                row.replicas(),
                row.inSync(),
                new TreeSet<>(),
                row.primary(),
                row.epoch(),
                row.version(),
                row.idCeiling());
    }

    /** What a control plane does that lets in whom it must not: the old primary after a failover, or any learner. */
    static Optional<Proposal> followUp(Mutation mutation, PartitionRow before, PartitionRow after, ClusterState state) {
        Optional<NodeId> wrong = Optional.empty();
        if (mutation == Mutation.OLD_PRIMARY_LEFT_IN_IN_SYNC && after.epoch().compareTo(before.epoch()) > 0) {
            wrong = before.primary().filter(after::isLearner);
        } else if (mutation == Mutation.LEARNER_COUNTED) {
            wrong = after.replicas().stream().filter(after::isLearner).findFirst();
        }
        if (wrong.isEmpty() || after.primary().isEmpty()) {
            return Optional.empty();
        }
        NodeId primary = after.primary().get();
        SortedMap<NodeId, Session> sessions = new TreeMap<>();
        sessions.put(wrong.get(), session(state, wrong.get()));
        RowChange change = new RowChange(withMember(after, wrong.get()), primary, session(state, primary), sessions);
        CommandId id = new CommandId("mistake-" + after.version().value());
        return Optional.of(new Proposal(id, new ClusterCommand.ChangeRow(change)));
    }

    private static Session session(ClusterState state, NodeId node) {
        return Optional.ofNullable(state.member(node)).map(Member::session).orElse(Session.NONE);
    }

    /** The row after this one, with {@code node} in sync. */
    private static PartitionRow withMember(PartitionRow row, NodeId node) {
        SortedSet<NodeId> inSync = new TreeSet<>(row.inSync());
        inSync.add(node);
        SortedSet<NodeId> eligible = new TreeSet<>(row.eligible());
        eligible.remove(node);
        return next(row, inSync, inSync.size() > 1 ? new TreeSet<>() : eligible, row.idCeiling());
    }

    private static PartitionRow next(
            PartitionRow row, SortedSet<NodeId> inSync, SortedSet<NodeId> eligible, long idCeiling) {
        return new PartitionRow(
                row.partition(),
                row.replicas(),
                inSync,
                eligible,
                row.primary(),
                row.epoch(),
                new RowVersion(row.version().value() + 1),
                idCeiling);
    }

    static LogRecord.Replicated withoutKey(LogRecord.Replicated record) {
        if (!(record instanceof LogRecord.Submitted task)) {
            return record;
        }
        TaskSpec spec = task.spec();
        TaskSpec keyless = new TaskSpec(
                spec.codec(),
                spec.typeName(),
                spec.fingerprint(),
                spec.label(),
                spec.key(),
                null,
                spec.maxCrashes(),
                spec.resultTtlMillis(),
                spec.keepResult());
        return new LogRecord.Submitted(
                task.sequence(), task.executor(), task.atMillis(), keyless, task.payload(), task.request());
    }

    static Decision withIdFromMemory(TaskLedger ledger, Decision decision, int inFlight, long sequence) {
        if (decision.records().isEmpty()) {
            return decision;
        }
        LogRecord.Submitted task = (LogRecord.Submitted) decision.records().get(0);
        LogRecord.Replicated counted = new LogRecord.Submitted(
                sequence, task.executor(), task.atMillis(), task.spec(), task.payload(), task.request());
        ledger.dropInFlightBeyond(inFlight);
        if (sequence >= ledger.nextSequence()) { // else the ring would object, before any harm is done
            ledger.takeUp(counted);
        }
        return new Decision(List.of(counted), new Reply.Stored(sequence, false));
    }

    /** Whether the command was taken in by this ring alone. */
    static boolean staysHere(Mutation mutation, Command command, TaskLedger ledger, Decision decision, int inFlight) {
        boolean removes = command instanceof Command.Dispose || command instanceof Command.RetrieveAndDispose;
        if (mutation != Mutation.DISPOSE_NOT_REPLICATED
                || !removes
                || inFlight > 0
                || decision.records().isEmpty()) {
            return false;
        }
        ledger.dropInFlight();
        decision.records().forEach(ledger::apply);
        return true;
    }

    /** What a primary logs without having decided it, when an attempt returns. */
    static Optional<LogRecord.Replicated> undecided(Mutation mutation, TaskLedger ledger, long sequence) {
        TaskEntry entry = ledger.find(sequence);
        if (entry == null || !entry.isTerminal()) {
            return Optional.empty();
        }
        return switch (mutation) {
            case RESULT_OVERWRITTEN ->
                Optional.of(new LogRecord.Completed(sequence, entry.attempt(), 0, 0, "java", null));
            case RESULT_REMOVED_UNASKED -> Optional.of(new LogRecord.Disposed(sequence, 0));
            default -> Optional.empty();
        };
    }

    /** What a primary makes of a command. */
    static Command asked(Mutation mutation, Command command) {
        return mutation == Mutation.REQUEST_NOT_LOGGED && command instanceof Command.Submit submit
                ? new Command.Submit(submit.executor(), submit.spec(), submit.payload())
                : command;
    }

    /** Whether an operator takes a copy away: where eligible nodes are hidden, the replica could not know better. */
    static boolean isDropped(Mutation mutation, PartitionRow row, NodeId node) {
        return mutation != Mutation.ELIGIBLE_WITH_MIN_IN_SYNC_1
                || !row.eligible().contains(node);
    }
}
