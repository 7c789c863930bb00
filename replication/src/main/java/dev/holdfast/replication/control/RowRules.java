package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of a partition's row the protocol may make (R6 to R8, R13, design 4.7). First comes the compare-and-set, on
 * the version and on the sessions that the change names, then {@link RowLegality}.
 */
final class RowRules {

    /** A ceiling is raised by so many sequences. */
    static final long ID_CEILING_STEP = 1L << 32;

    /** A task id has 48 bits for the sequence. */
    static final long MAX_ID_CEILING = 1L << 48;

    private RowRules() {}

    static Outcome change(ClusterDraft draft, RowChange change) {
        ClusterState state = draft.before();
        PartitionRow current = state.row(change.row().partition());
        if (current == null) {
            return draft.refused("No such partition: partition=" + change.row().partition());
        }
        if (!current.version().equals(change.expected())) {
            return draft.conflict(moved(current, change.expected()));
        }
        String gone = notCurrent(state, change);
        if (gone != null) {
            return draft.conflict(gone);
        }
        String problem = new RowLegality(state, current, change).problem();
        if (problem != null) {
            return draft.refused("Not a change that a row may make: partition=" + current.partition() + ", " + problem
                    + "; row=" + current + ", proposed=" + change.row());
        }
        draft.put(change.row());
        return draft.applied();
    }

    static String moved(PartitionRow current, RowVersion expected) {
        return "The row has changed: partition=" + current.partition() + ", version="
                + current.version().value() + ", expected=" + expected.value();
    }

    private static @Nullable String notCurrent(ClusterState state, RowChange change) {
        if (!state.isCurrent(change.proposer(), change.proposerSession())) {
            return MemberRules.notCurrent(change.proposer(), change.proposerSession(), state.member(change.proposer()));
        }
        for (Map.Entry<NodeId, Session> named : change.sessions().entrySet()) {
            if (!state.isCurrent(named.getKey(), named.getValue())) {
                return MemberRules.notCurrent(named.getKey(), named.getValue(), state.member(named.getKey()));
            }
        }
        return null;
    }

    static Outcome setMinInSync(ClusterDraft draft, ClusterCommand.SetMinInSync command) {
        if (draft.before().minInSync() != command.expected()) {
            return draft.conflict("min-in-sync has changed: min-in-sync="
                    + draft.before().minInSync() + ", expected=" + command.expected());
        }
        draft.setMinInSync(command.next());
        if (command.next() < command.expected()) {
            // What is in sync may commit again, without those who left: they are not equal to it any more.
            draft.before().rows().values().stream()
                    .filter(row -> !row.eligible().isEmpty())
                    .forEach(row -> draft.put(row.withMembers(row.replicas(), row.inSync(), Set.of())
                            .next()));
        }
        return draft.applied();
    }

    static Outcome recover(ClusterDraft draft, ClusterCommand.Recover command) {
        ClusterState state = draft.before();
        PartitionRow current = state.row(command.partition());
        if (current == null) {
            return draft.refused("No such partition: partition=" + command.partition());
        }
        if (!current.version().equals(command.expected())) {
            return draft.conflict(moved(current, command.expected()));
        }
        Member survivor = state.member(command.survivor());
        if (survivor == null || !survivor.session().equals(command.session())) {
            return draft.conflict(MemberRules.notCurrent(command.survivor(), command.session(), survivor));
        }
        if (!survivor.role().holdsReplicas()) {
            return draft.refused("A witness has no data to go on with: " + survivor.label());
        }
        Epoch epoch = new Epoch(current.epoch().value() + 1);
        List<NodeId> replicas = current.replicas().contains(survivor.id())
                ? current.replicas()
                : PlacementRules.append(current.replicas(), survivor.id());
        draft.put(current.withMembers(replicas, Set.of(survivor.id()), Set.of())
                .ledBy(Optional.empty(), epoch)
                .next());
        draft.put(current.partition(), new Recovery(survivor.id(), epoch, command.operator(), command.atMillis()));
        return draft.applied();
    }
}
