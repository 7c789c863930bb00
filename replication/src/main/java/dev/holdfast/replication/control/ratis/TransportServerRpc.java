package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.protocol.NodeId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServerRpc;
import org.jspecify.annotations.Nullable;

/**
 * The sending side: each call is one request, and waits for its answer on the thread of Ratis that makes it. What comes in
 * goes past this, to {@link Answers}.
 */
final class TransportServerRpc implements RaftServerRpc {

    private final RpcType type;
    private final ControlTransport transport;
    private final Duration deadline;

    TransportServerRpc(RpcType type, ControlTransport transport, Duration deadline) {
        this.type = type;
        this.transport = transport;
        this.deadline = deadline;
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return RequestVoteReplyProto.parseFrom(
                ask(request.getServerRequest(), Wire.REQUEST_VOTE, request.toByteArray()));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return AppendEntriesReplyProto.parseFrom(
                ask(request.getServerRequest(), Wire.APPEND_ENTRIES, request.toByteArray()));
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return InstallSnapshotReplyProto.parseFrom(
                ask(request.getServerRequest(), Wire.INSTALL_SNAPSHOT, request.toByteArray()));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return StartLeaderElectionReplyProto.parseFrom(
                ask(request.getServerRequest(), Wire.START_ELECTION, request.toByteArray()));
    }

    private byte[] ask(RaftRpcRequestProto addressing, byte kind, byte[] body) throws IOException {
        NodeId peer = RaftPeers.node(RaftPeerId.valueOf(addressing.getReplyId()));
        byte[] answer;
        try {
            answer = transport
                    .request(peer, Wire.frame(kind, body), deadline)
                    .toCompletableFuture()
                    .get(deadline.toMillis() * 2, TimeUnit.MILLISECONDS); // the transport's own comes first
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while asking peer=" + peer);
        } catch (ExecutionException | TimeoutException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new UnreachableException("No answer: peer=" + peer + ", kind=" + kind + ", reason=" + why);
        }
        if (Wire.first(answer) != Wire.DONE) {
            throw new UnreachableException(
                    "Refused: peer=" + peer + ", kind=" + kind + ", reason=" + Wire.text(answer));
        }
        return Wire.body(answer);
    }

    /** Without a stack trace: Ratis logs one for every tenth attempt, and it would always be the same. */
    private static final class UnreachableException extends IOException {

        private static final long serialVersionUID = 1L;

        UnreachableException(String message) {
            super(message);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        for (RaftPeer peer : peers) {
            var addresses = RaftPeers.addresses(peer);
            if (!addresses.isEmpty()) {
                transport.learn(RaftPeers.node(peer.getId()), addresses);
            }
        }
    }

    @Override
    public RpcType getRpcType() {
        return type;
    }

    @Override
    public void start() {}

    /** Where others find this node is said in the group's configuration, not here. */
    @Override
    public @Nullable InetSocketAddress getInetSocketAddress() {
        return null;
    }

    /** The transport connects again by itself. */
    @Override
    public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {}

    @Override
    public void close() {}
}
