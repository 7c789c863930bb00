package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.LogEnd;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who may lead when no trusted member of the last in-sync set is there (R13). */
final class LastResort {

    private static final Comparator<LogEnd> MOST =
            Comparator.comparing(LogEnd::epoch).thenComparing(LogEnd::lsn);

    private final ReplicaState state;
    private final Map<NodeId, Message.SuspectEnd> suspects = new TreeMap<>();
    private final Set<NodeId> gone = new TreeSet<>();
    private Optional<Long> nobodyLeftSinceNanos = Optional.empty();
    private Optional<Long> toldNanos = Optional.empty();

    LastResort(ReplicaState state) {
        this.state = state;
    }

    void restart() {
        suspects.clear();
        gone.clear();
        nobodyLeftSinceNanos = Optional.empty();
    }

    void suspect(NodeId from, Message.SuspectEnd message) {
        gone.remove(from);
        suspects.put(from, message);
    }

    void alive(NodeId node) {
        gone.remove(node);
        suspects.remove(node);
    }

    void gone(NodeId node) {
        gone.add(node);
        suspects.remove(node);
    }

    /** How this replica may lead now, its grace being over; empty if it may not. */
    Optional<TakeOver> orRegular(PartitionRow row) {
        if (state.isSuspect()) {
            return row.inSync().contains(state.self()) || row.eligible().contains(state.self())
                    ? allSuspect(row)
                    : Optional.empty();
        }
        if (row.inSync().contains(state.self())) {
            return Optional.of(regular(row));
        }
        return row.eligible().contains(state.self()) ? eligible(row) : Optional.empty();
    }

    private TakeOver regular(PartitionRow row) {
        if (row.primary().isEmpty()) {
            return row.wasNeverLed() ? TakeOver.FIRST : TakeOver.DEPOSED;
        }
        return row.isPrimary(state.self()) ? TakeOver.RESTART : TakeOver.FAILOVER;
    }

    /** Members go first, and have a grace to do so: nothing else tells a member that is slow to start from a dead one. */
    private Optional<TakeOver> eligible(PartitionRow row) {
        boolean nobodyLeft = row.inSync().stream().allMatch(member -> gone.contains(member) || isSuspect(member, row));
        if (!nobodyLeft) {
            nobodyLeftSinceNanos = Optional.empty();
            return Optional.empty();
        }
        if (nobodyLeftSinceNanos.isEmpty()) {
            nobodyLeftSinceNanos = Optional.of(state.now());
        }
        return state.now() - nobodyLeftSinceNanos.get() >= state.timing().graceNanos()
                ? Optional.of(TakeOver.FAILOVER)
                : Optional.empty();
    }

    private Optional<TakeOver> allSuspect(PartitionRow row) {
        SortedSet<NodeId> others = new TreeSet<>(row.inSync());
        others.addAll(row.eligible());
        others.remove(state.self());
        tell(row, others);
        if (state.isEmptied()) {
            return Optional.empty(); // the others may, if they have something
        }
        return others.stream().allMatch(other -> isSuspect(other, row) && isBelowOurs(other))
                ? Optional.of(TakeOver.ALL_SUSPECT)
                : Optional.empty();
    }

    private void tell(PartitionRow row, Set<NodeId> others) {
        if (toldNanos.isEmpty()
                || state.now() - toldNanos.get() >= state.timing().beaconNanos()) {
            toldNanos = Optional.of(state.now());
            LogEnd end = state.isEmptied() ? LogEnd.EMPTY : state.log.end();
            Message.SuspectEnd ours = new Message.SuspectEnd(state.seen(), row.version(), end);
            others.forEach(other -> state.send(other, ours));
        }
    }

    private boolean isSuspect(NodeId node, PartitionRow row) {
        Message.SuspectEnd said = suspects.get(node);
        return said != null && said.version().equals(row.version());
    }

    /** One without anything may have been emptied, and leaves it to us; should we both propose, one is applied. */
    private boolean isBelowOurs(NodeId other) {
        Message.SuspectEnd said = suspects.get(other);
        int compared = said == null ? 1 : MOST.compare(said.end(), state.log.end());
        boolean mayBeEmptied = said != null && said.end().equals(LogEnd.EMPTY);
        return compared < 0 || (compared == 0 && (mayBeEmptied || state.self().compareTo(other) < 0));
    }
}
