package dev.holdfast.replication.control.ratis;

import static dev.holdfast.replication.control.ratis.RatisCluster.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterTable;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AddressBookTest {

    private static final NodeAddress OLD = new NodeAddress("127.0.0.1", 5001);
    private static final NodeAddress NEW = new NodeAddress("127.0.0.1", 6001);

    private final Map<NodeId, List<NodeAddress>> learnt = new HashMap<>();
    private final ClusterTable table = new ClusterTable();
    private int commands;

    private final AddressBook book = new AddressBook(new ControlTransport() {
        @Override
        public CompletionStage<byte[]> request(NodeId peer, byte[] request, Duration deadline) {
            return CompletableFuture.failedFuture(new IOException("Nobody is there"));
        }

        @Override
        public void learn(NodeId peer, List<NodeAddress> addresses) {
            learnt.put(peer, addresses);
        }

        @Override
        public void answerWith(@Nullable Handler handler) {}
    });

    private void apply(ClusterCommand command) {
        assertThat(table.apply(new Proposal(new CommandId("command-" + commands++), command))
                        .applied())
                .isTrue();
        book.follow(table.state());
    }

    private static MemberDetails at(NodeAddress address) {
        return new MemberDetails("node-1", List.of(address), "");
    }

    @Test
    void theGroupsOldAddressDoesNotTakeThePlaceOfTheTablesNewOne() {
        RaftPeer asTakenIn = RaftPeers.peer(new GroupMember(node(1), List.of(OLD), true));
        TransportServerRpc rpc = new TransportServerRpc(new TransportRpcType(), book, Duration.ofSeconds(1));
        rpc.addRaftPeers(List.of(asTakenIn));
        assertThat(learnt).as("before the table has come").containsEntry(node(1), List.of(OLD));
        apply(new ClusterCommand.Found(
                new Founding("cluster", new TreeSet<>(List.of(node(0), node(1))), 1, Optional.empty()), 1));
        apply(new ClusterCommand.Join(node(1), at(OLD), Role.VOTER, new Session(1), 1));
        apply(new ClusterCommand.ClaimSession(node(1), at(NEW), new Session(1), 2));
        assertThat(learnt).containsEntry(node(1), List.of(NEW));
        rpc.addRaftPeers(List.of(asTakenIn));
        assertThat(learnt).containsEntry(node(1), List.of(NEW));
    }
}
