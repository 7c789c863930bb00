package dev.holdfast.replication.control.ratis;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.protocol.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SetConfigurationRequest.Arguments;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On the leader: makes the group of Ratis follow the members of the table, by {@link GroupChange}, each change compared
 * with the group that it was decided on. On others it does nothing. Belongs to the timer.
 */
final class GroupKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(GroupKeeper.class);

    private final LocalServer server;
    private final AppliedStates applied;
    private final ClientId client = ClientId.randomId();
    private final AtomicBoolean changing = new AtomicBoolean();

    /** One that is out of reach is tried for some election timeouts; the others have their turn after it. */
    private Optional<NodeId> lastTried = Optional.empty();

    GroupKeeper(LocalServer server, AppliedStates applied) {
        this.server = server;
        this.applied = applied;
    }

    void tick() {
        RaftServer.Division division = server.division();
        if (division == null || !division.getInfo().isLeaderReady() || changing.get()) {
            return;
        }
        RaftConfiguration current = division.getRaftConf();
        if (!current.getPreviousPeers().isEmpty()) {
            return; // a change is on its way through the log
        }
        ClusterState state = applied.latest();
        Optional<GroupChange.Change> next = GroupChange.next(state, group(current), lastTried);
        if (next.isPresent()) {
            lastTried = Optional.of(next.get().node());
            change(division, current, state, next.get().group());
        }
    }

    private static SortedMap<NodeId, Boolean> group(RaftConfiguration configuration) {
        SortedMap<NodeId, Boolean> group = new TreeMap<>();
        configuration
                .getCurrentPeers(RaftPeerRole.LISTENER)
                .forEach(peer -> group.put(RaftPeers.node(peer.getId()), false));
        configuration
                .getCurrentPeers(RaftPeerRole.FOLLOWER)
                .forEach(peer -> group.put(RaftPeers.node(peer.getId()), true));
        return group;
    }

    private void change(
            RaftServer.Division division,
            RaftConfiguration current,
            ClusterState state,
            SortedMap<NodeId, Boolean> next) {
        Collection<RaftPeer> voters = current.getCurrentPeers(RaftPeerRole.FOLLOWER);
        Collection<RaftPeer> listeners = current.getCurrentPeers(RaftPeerRole.LISTENER);
        Map<NodeId, RaftPeer> known = new HashMap<>();
        voters.forEach(peer -> known.put(RaftPeers.node(peer.getId()), peer));
        listeners.forEach(peer -> known.put(RaftPeers.node(peer.getId()), peer));
        Arguments arguments = Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(List.copyOf(voters))
                .setListenersInCurrentConf(List.copyOf(listeners))
                .setServersInNewConf(peers(state, known, next, true))
                .setListenersInNewConf(peers(state, known, next, false))
                .build();
        SetConfigurationRequest request = new SetConfigurationRequest(
                client, division.getId(), server.group(), CallId.getAndIncrement(), arguments);
        LOG.info("Changes the voters of the control plane: from={}, to={}", group(current), next);
        submit(division.getRaftServer(), request);
    }

    private void submit(RaftServer to, SetConfigurationRequest request) {
        changing.set(true);
        try {
            var unused = to.setConfigurationAsync(request).whenComplete((reply, failure) -> {
                changing.set(false);
                if (failure != null || !reply.isSuccess()) {
                    LOG.warn(
                            ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says(
                                    "Could not change the voters of the control plane; tries again: reason={}"),
                            failure == null ? String.valueOf(reply.getException()) : failure.toString());
                }
            });
        } catch (Exception e) {
            changing.set(false);
            LOG.warn(
                    ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says(
                            "Could not change the voters of the control plane; tries again"),
                    e);
        }
    }

    private static List<RaftPeer> peers(
            ClusterState state, Map<NodeId, RaftPeer> known, SortedMap<NodeId, Boolean> group, boolean votes) {
        return group.entrySet().stream()
                .filter(each -> each.getValue() == votes)
                .map(each -> peer(state, known, each.getKey(), votes))
                .toList();
    }

    private static RaftPeer peer(ClusterState state, Map<NodeId, RaftPeer> known, NodeId node, boolean votes) {
        Member member = state.member(node);
        RaftPeer peer = known.get(node);
        if (member != null) {
            return RaftPeers.peer(new GroupMember(node, member.details().addresses(), votes));
        }
        return peer == null ? RaftPeers.peer(new GroupMember(node, List.of(), votes)) : peer;
    }
}
