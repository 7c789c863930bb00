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

    /**
     * The group after the next change.
     *
     * @param group who is in it now, with whether it votes
     * @return empty if there is nothing to change
     */
    static Optional<SortedMap<NodeId, Boolean>> next(ClusterState state, SortedMap<NodeId, Boolean> group) {
        for (Member member : state.members().values()) {
            Boolean votes = group.get(member.id());
            boolean shouldVote = member.role().votes();
            if (votes == null || (votes != shouldVote && (shouldVote || hasOtherVoters(group, member.id())))) {
                return Optional.of(with(group, member.id(), shouldVote));
            }
        }
        for (NodeId node : group.keySet()) {
            if (state.departed().containsKey(node) && hasOtherVoters(group, node)) {
                return Optional.of(with(group, node, null));
            }
        }
        return Optional.empty();
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
