package dev.holdfast.replication.control.ratis;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.protocol.NodeId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does not wait for the election timeout when the leader's process is known to be gone. A follower takes the part that a
 * leader has when it hands over: it tells itself to ask for votes. Should the leader be there all the same, it is deposed
 * for nothing; nothing else can go wrong, for Raft is safe whoever asks for votes, and when.
 */
final class EarlyElection {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyElection.class);

    /**
     * Between the voters, in the order of their disk ids, so that they do not split the votes, on a busy machine too: votes that are split
     * cost an election timeout, and Ratis lets nobody ask early a second time.
     */
    private static final long STAGGER_MS = 400;

    private final LocalServer server;
    private final ScheduledExecutorService timer;

    EarlyElection(LocalServer server, ScheduledExecutorService timer) {
        this.server = server;
        this.timer = timer;
    }

    void processGone(NodeId gone) {
        RaftServer.Division division = server.division();
        if (division == null || !isFollowerOf(division, gone)) {
            return;
        }
        List<NodeId> voters = division.getRaftConf().getCurrentPeers(RaftPeerRole.FOLLOWER).stream()
                .map(peer -> RaftPeers.node(peer.getId()))
                .filter(node -> !node.equals(gone))
                .sorted()
                .toList();
        int rank = voters.indexOf(RaftPeers.node(division.getId()));
        if (rank < 0) {
            return; // a listener
        }
        long term = division.getInfo().getCurrentTerm();
        try {
            var unused = timer.schedule(() -> begin(gone, term), rank * STAGGER_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The control plane is closed: node={}", division.getId());
        }
    }

    private boolean isFollowerOf(RaftServer.Division division, NodeId leader) {
        return division.getInfo().isFollower() && leader.equals(server.leader());
    }

    private void begin(NodeId gone, long term) {
        RaftServer.Division division = server.division();
        if (division == null || division.getInfo().getCurrentTerm() != term || !isFollowerOf(division, gone)) {
            return; // somebody else was quicker
        }
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        if (last == null) {
            return;
        }
        StartLeaderElectionRequestProto request = StartLeaderElectionRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(RaftPeers.id(gone).toByteString())
                        .setReplyId(division.getId().toByteString())
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(server.group()))
                        .setCallId(CallId.getAndIncrement()))
                .setLeaderLastEntry(last.toProto())
                .build();
        try {
            boolean begun = division.getRaftServer()
                    .startLeaderElection(request)
                    .getServerReply()
                    .getSuccess();
            LOG.info("The leader of the control plane is gone: leader={}, asks for votes={}", gone, begun);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says(
                            "Could not ask for votes; waits for the election timeout instead: leader={}"),
                    gone,
                    e);
        }
    }
}
