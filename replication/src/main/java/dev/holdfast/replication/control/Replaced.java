package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Members in whose place another one has come: they are away, and a member that is there has their name, as when a node starts with
 * an empty directory. Their disk would be refused while that one is there.
 */
public final class Replaced {

    private Replaced() {}

    /** Those that are replaced. */
    public static SortedSet<NodeId> of(ClusterState state) {
        Set<String> present = state.members().values().stream()
                .filter(member -> member.presence().present())
                .map(Member::name)
                .collect(Collectors.toSet());
        return state.members().values().stream()
                .filter(member -> !member.presence().present() && present.contains(member.name()))
                .map(Member::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of them that no partition needs: what they hold is not in sync any more, nor may it have to be led from. */
    public static SortedSet<NodeId> notNeeded(ClusterState state) {
        SortedSet<NodeId> replaced = of(state);
        for (PartitionRow row : state.rows().values()) {
            replaced.removeIf(row::needs);
        }
        return replaced;
    }
}
