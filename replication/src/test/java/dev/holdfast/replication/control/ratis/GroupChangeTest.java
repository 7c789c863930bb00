package dev.holdfast.replication.control.ratis;

import static dev.holdfast.replication.control.ratis.RatisCluster.join;
import static dev.holdfast.replication.control.ratis.RatisCluster.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ClusterTable;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GroupChangeTest {

    private final ClusterTable table = new ClusterTable();
    private final SortedMap<NodeId, Boolean> group = new TreeMap<>();
    private int commands;

    GroupChangeTest() {
        apply(new ClusterCommand.Found(
                new Founding("cluster", new TreeSet<>(List.of(node(0), node(1))), 1, Optional.empty()), 1));
        group.put(node(0), true);
        group.put(node(1), true);
    }

    private static Optional<SortedMap<NodeId, Boolean>> next(ClusterState state, SortedMap<NodeId, Boolean> group) {
        return GroupChange.next(state, group, Optional.empty()).map(GroupChange.Change::group);
    }

    private ClusterState apply(ClusterCommand command) {
        assertThat(table.apply(new Proposal(new CommandId("command-" + commands++), command))
                        .applied())
                .isTrue();
        return table.state();
    }

    @Test
    void foundersThatHaveNotJoinedStay() {
        assertThat(next(apply(join(0, Role.VOTER)), group)).isEmpty();
    }

    @Test
    void oneMemberAtATimeIsTakenIn() {
        apply(join(2, Role.WITNESS));
        ClusterState state = apply(join(3, Role.LISTENER));
        SortedMap<NodeId, Boolean> first = next(state, group).orElseThrow();
        assertThat(first).hasSize(3).containsEntry(node(2), true);
        SortedMap<NodeId, Boolean> second = next(state, first).orElseThrow();
        assertThat(second).hasSize(4).containsEntry(node(3), false);
        assertThat(next(state, second)).isEmpty();
    }

    @Test
    void oneThatCanNotBeTakenInHoldsNobodyUp() {
        apply(join(1, Role.VOTER));
        apply(join(2, Role.VOTER));
        apply(join(3, Role.LISTENER));
        apply(new ClusterCommand.Leave(node(1), new Session(1)));
        ClusterState state = apply(new ClusterCommand.Remove(node(1)));
        Optional<NodeId> tried = Optional.empty();
        for (int expected : new int[] {1, 2, 3, 1, 2}) {
            tried = GroupChange.next(state, group, tried).map(GroupChange.Change::node);
            assertThat(tried).contains(node(expected));
        }
    }

    @Test
    void theLastVoterStaysOne() {
        ClusterState state = apply(join(0, Role.LISTENER));
        assertThat(next(state, group).orElseThrow()).containsEntry(node(0), false);
        group.remove(node(1));
        assertThat(next(state, group)).isEmpty();
    }

    @Test
    void whoWasRemovedIsDropped() {
        apply(join(0, Role.VOTER));
        apply(join(1, Role.VOTER));
        apply(new ClusterCommand.Leave(node(1), new Session(1)));
        ClusterState state = apply(new ClusterCommand.Remove(node(1)));
        assertThat(next(state, group).orElseThrow()).containsOnlyKeys(node(0));
    }
}
