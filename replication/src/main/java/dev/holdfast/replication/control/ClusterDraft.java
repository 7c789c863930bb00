package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The next state in the making: reads fall through to the state before until something is written; a map is copied at the
 * first write to it. Thrown away when a command is refused.
 */
final class ClusterDraft {

    private final ClusterState before;
    private @Nullable Founding founding;
    private int minInSync;
    private @Nullable SortedMap<NodeId, Member> members;
    private @Nullable SortedMap<PartitionId, PartitionRow> rows;
    private @Nullable SortedMap<String, ExecutorRegistration> executors;
    private @Nullable SortedMap<PartitionId, Recovery> recoveries;
    private @Nullable Map<NodeId, Session> departed;

    ClusterDraft(ClusterState before) {
        this.before = before;
        this.minInSync = before.minInSync();
    }

    /** The state before the command. */
    ClusterState before() {
        return before;
    }

    SortedMap<PartitionId, PartitionRow> rows() {
        return rows == null ? before.rows() : Collections.unmodifiableSortedMap(rows);
    }

    void found(Founding what) {
        founding = what;
    }

    void setMinInSync(int copies) {
        minInSync = copies;
    }

    void put(Member member) {
        members = members == null ? new TreeMap<>(before.members()) : members;
        members.put(member.id(), member);
    }

    /** The member is one no more, and is remembered so. */
    void depart(Member member) {
        members = members == null ? new TreeMap<>(before.members()) : members;
        members.remove(member.id());
        departed = departed == null ? new LinkedHashMap<>(before.departed()) : departed;
        departed.put(member.id(), member.session());
        if (departed.size() > Limits.MAX_DEPARTED) {
            departed.remove(departed.keySet().iterator().next());
        }
    }

    void forgetDeparture(NodeId node) {
        if (before.departed().containsKey(node)) {
            departed = departed == null ? new LinkedHashMap<>(before.departed()) : departed;
            departed.remove(node);
        }
    }

    void put(PartitionRow row) {
        rows = rows == null ? new TreeMap<>(before.rows()) : rows;
        rows.put(row.partition(), row);
    }

    void put(ExecutorRegistration executor) {
        executors = executors == null ? new TreeMap<>(before.executors()) : executors;
        executors.put(executor.settings().name(), executor);
    }

    void put(PartitionId partition, Recovery recovery) {
        recoveries = recoveries == null ? new TreeMap<>(before.recoveries()) : recoveries;
        recoveries.put(partition, recovery);
    }

    Outcome applied() {
        return outcome(Outcome.Verdict.APPLIED, "");
    }

    Outcome conflict(String message) {
        return outcome(Outcome.Verdict.CONFLICT, message);
    }

    Outcome refused(String message) {
        return outcome(Outcome.Verdict.REFUSED, message);
    }

    private Outcome outcome(Outcome.Verdict verdict, String message) {
        return new Outcome(verdict, before.revision().next(), message);
    }

    /** The state after a command with this outcome: only the revision changes unless it was applied. */
    ClusterState after(Outcome outcome) {
        if (!outcome.applied()) {
            return new ClusterState(
                    outcome.revision(),
                    before.founding(),
                    before.minInSync(),
                    before.members(),
                    before.rows(),
                    before.executors(),
                    before.recoveries(),
                    before.departed());
        }
        return new ClusterState(
                outcome.revision(),
                founding == null ? before.founding() : Optional.of(founding),
                minInSync,
                sealed(members, before.members()),
                sealed(rows, before.rows()),
                sealed(executors, before.executors()),
                sealed(recoveries, before.recoveries()),
                departed == null ? before.departed() : Collections.unmodifiableMap(departed));
    }

    private static <K, V> SortedMap<K, V> sealed(@Nullable SortedMap<K, V> changed, SortedMap<K, V> unchanged) {
        return changed == null ? unchanged : Collections.unmodifiableSortedMap(changed);
    }
}
