package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The control plane as a test has it: applies when told to, answers what it is told to. */
final class TestTable {

    /** What becomes of the next proposals. */
    enum Mood {
        ANSWERS,
        /** Applies, and answers that nobody knows. */
        FORGETS_THE_ANSWER,
        /** Loses them, and answers that nobody knows. */
        LOSES,
        /** Keeps them until {@link TestCluster#decide}. */
        WAITS
    }

    record Asked(TestNode by, RowProposal proposal) {}

    PartitionRow row;
    Mood mood = Mood.ANSWERS;
    final Deque<Asked> waiting = new ArrayDeque<>();
    final List<PartitionRow> rows = new ArrayList<>();
    private final SortedMap<NodeId, Session> sessions = new TreeMap<>();

    TestTable(List<NodeId> replicas, List<NodeId> inSync) {
        row = new PartitionRow(
                new PartitionId(0),
                replicas,
                new TreeSet<>(inSync),
                new TreeSet<>(),
                Optional.empty(),
                Epoch.NONE,
                new RowVersion(0),
                0);
        rows.add(row);
    }

    Session register(NodeId node) {
        Session next = new Session(sessions.getOrDefault(node, new Session(0)).value() + 1);
        sessions.put(node, next);
        return next;
    }

    /** Placement adds or removes replicas that are not in sync. */
    void replicas(List<NodeId> replicas) {
        apply(new PartitionRow(
                row.partition(),
                replicas,
                row.inSync(),
                row.eligible(),
                row.primary(),
                row.epoch(),
                row.version().next(),
                row.idCeiling()));
    }

    /** The table takes the primary away and leaves {@code survivor} alone. */
    void depose(NodeId survivor) {
        apply(new PartitionRow(
                row.partition(),
                row.replicas(),
                new TreeSet<>(List.of(survivor)),
                new TreeSet<>(),
                Optional.empty(),
                new Epoch(row.epoch().value() + 1),
                row.version().next(),
                row.idCeiling()));
    }

    void nobodyIsEligible() {
        apply(new PartitionRow(
                row.partition(),
                row.replicas(),
                row.inSync(),
                new TreeSet<>(),
                row.primary(),
                row.epoch(),
                row.version().next(),
                row.idCeiling()));
    }

    boolean compareAndSet(RowProposal proposal) {
        boolean holds = row.version().equals(proposal.expected())
                && proposal.sessions().entrySet().stream()
                        .allMatch(each -> each.getValue().equals(sessions.get(each.getKey())));
        if (holds) {
            apply(proposal.next());
        }
        return holds;
    }

    private void apply(PartitionRow next) {
        row = next;
        rows.add(next);
    }
}
