package dev.holdfast.replication.control.ratis;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.Sighting;
import dev.holdfast.replication.protocol.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On the leader: notes in the table who has fallen silent and who is back, from the answers to its heartbeats; a command for
 * each change, none while nothing changes. On others it does nothing. Belongs to the timer.
 */
final class PresenceKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(PresenceKeeper.class);

    private final LocalServer server;
    private final AppliedStates applied;
    private final Proposals proposals;
    private final Duration lostAfter;
    private final AtomicBoolean reporting = new AtomicBoolean();

    PresenceKeeper(LocalServer server, AppliedStates applied, Proposals proposals, Duration lostAfter) {
        this.server = server;
        this.applied = applied;
        this.proposals = proposals;
        this.lostAfter = lostAfter;
    }

    void tick() {
        RaftServer.Division division = server.division();
        if (division == null || !division.getInfo().isLeaderReady() || reporting.get()) {
            return;
        }
        List<Sighting> changed = changed(applied.latest(), seen(division));
        if (!changed.isEmpty()) {
            report(changed);
        }
    }

    private Map<NodeId, Boolean> seen(RaftServer.Division division) {
        Map<NodeId, Boolean> seen = new HashMap<>();
        RoleInfoProto role = division.getInfo().getRoleInfoProto();
        for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
            NodeId node = RaftPeers.node(RaftPeerId.valueOf(follower.getId().getId()));
            seen.put(node, follower.getLastRpcElapsedTimeMs() < lostAfter.toMillis());
        }
        seen.put(RaftPeers.node(division.getId()), true);
        return seen;
    }

    private static List<Sighting> changed(ClusterState state, Map<NodeId, Boolean> seen) {
        List<Sighting> changed = new ArrayList<>();
        for (Member member : state.members().values()) {
            Boolean present = seen.get(member.id());
            if (present != null && present != member.presence().present()) {
                changed.add(new Sighting(member.id(), member.session(), present));
            }
        }
        return changed;
    }

    private void report(List<Sighting> changed) {
        reporting.set(true);
        CommandId id = new CommandId(UUID.randomUUID().toString());
        var unused = proposals
                .propose(new Proposal(id, new ClusterCommand.Report(changed, System.currentTimeMillis())))
                .whenComplete((outcome, failure) -> {
                    reporting.set(false);
                    if (failure != null) {
                        LOG.warn(
                                ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says("Could not note who is there: sightings={}"),
                                changed,
                                failure);
                    }
                });
    }
}
