package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.protocol.NodeId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The next change that brings the group that keeps the log closer to what the table says of members: one member at a time,
 * for only then do the majorities before and after overlap without further ado.
 *
 * <p>Founders that have not joined the table yet stay: only who was a member and is none any more goes.
 */
final class GroupChange {

    private GroupChange() {}

    /** One change: {@code node} is taken in, gets or loses its vote, or goes; {@code group} is who is in it then. */
    record Change(NodeId node, SortedMap<NodeId, Boolean> group) {}

    /**
     * The next change.
     *
     * @param group who is in it now, with whether it votes
     * @param lastTried whose change was tried last, if any: the others come first, should that one be out of reach
     * @return empty if there is nothing to change
     */
    static Optional<Change> next(ClusterState state, SortedMap<NodeId, Boolean> group, Optional<NodeId> lastTried) {
        SortedMap<NodeId, Change> changes = changes(state, group);
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        return lastTried
                .flatMap(node -> changes.values().stream()
                        .filter(each -> each.node().compareTo(node) > 0)
                        .findFirst())
                .or(() -> Optional.ofNullable(changes.get(changes.firstKey())));
    }

    private static SortedMap<NodeId, Change> changes(ClusterState state, SortedMap<NodeId, Boolean> group) {
        SortedMap<NodeId, Change> changes = new TreeMap<>();
        for (Member member : state.members().values()) {
            NodeId node = member.id();
            Boolean votes = group.get(node);
            boolean shouldVote = member.role().votes();
            if (votes == null || (votes != shouldVote && (shouldVote || hasOtherVoters(group, node)))) {
                changes.put(node, new Change(node, with(group, node, shouldVote)));
            }
        }
        for (NodeId node : group.keySet()) {
            if (state.departed().containsKey(node) && hasOtherVoters(group, node)) {
                changes.put(node, new Change(node, with(group, node, null)));
            }
        }
        return changes;
    }

    private static boolean hasOtherVoters(SortedMap<NodeId, Boolean> group, NodeId node) {
        return group.entrySet().stream()
                .anyMatch(other -> other.getValue() && !other.getKey().equals(node));
    }

    private static SortedMap<NodeId, Boolean> with(
            SortedMap<NodeId, Boolean> group, NodeId node, @Nullable Boolean votes) {
        SortedMap<NodeId, Boolean> next = new TreeMap<>(group);
        if (votes == null) {
            next.remove(node);
        } else {
            next.put(node, votes);
        }
        return next;
    }
}
