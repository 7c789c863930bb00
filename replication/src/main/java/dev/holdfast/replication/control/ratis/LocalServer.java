package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.directory.DurableFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * The server of Ratis on this node: one after the other, should one stop by itself. Thread-safe; {@link #start} and {@link
 * #close} take their time, of the order of a second.
 */
final class LocalServer {

    private static final Set<LifeCycle.State> HAS_STOPPED =
            EnumSet.of(LifeCycle.State.CLOSED, LifeCycle.State.EXCEPTION);

    private final RatisSettings settings;
    private final ControlTransport transport;
    private final AppliedStates applied;
    private final Consumer<NodeId> onLeader;
    private final Consumer<Throwable> onLogFailed;
    private final RaftGroupId group;
    private final ReentrantLock appending = new ReentrantLock();

    private record Heard(NodeId from, long atNanos) {}

    private volatile @Nullable RaftServer server;
    private volatile @Nullable Heard heard;
    private boolean closed;

    LocalServer(
            RatisSettings settings,
            ControlTransport transport,
            AppliedStates applied,
            Consumer<NodeId> onLeader,
            Consumer<Throwable> onLogFailed) {
        this.settings = settings;
        this.transport = transport;
        this.applied = applied;
        this.onLeader = onLeader;
        this.onLogFailed = onLogFailed;
        this.group = RaftGroupId.valueOf(settings.clusterUuid());
    }

    RaftGroupId group() {
        return group;
    }

    /** Starts a server, in the place of one that has stopped. After {@link #close} it does nothing. */
    synchronized void start() throws IOException {
        if (closed) {
            return;
        }
        RaftServer before = server;
        if (before != null) {
            before.close();
        }
        DurableFiles.createDirectories(settings.directory());
        RaftServer next = RaftServer.newBuilder()
                .setServerId(RaftPeers.id(settings.self()))
                .setGroup(RaftGroup.valueOf(group, RaftPeers.peers(settings.founders())))
                .setOption(StartupOption.RECOVER)
                .setProperties(RatisProperties.of(settings))
                .setParameters(
                        TransportRpcType.parameters(transport, settings.timing().request()))
                .setStateMachine(new TableStateMachine(applied, onLeader, onLogFailed))
                .build();
        try {
            next.start();
        } catch (IOException | RuntimeException e) {
            next.close();
            throw e;
        }
        server = next;
    }

    /** Ends the server, so that {@link #hasStopped}: its log takes nothing more. */
    synchronized void end() throws IOException {
        RaftServer last = server;
        if (last != null) {
            last.close();
        }
    }

    synchronized void close() throws IOException {
        closed = true;
        RaftServer last = server;
        if (last != null) {
            last.close();
        }
    }

    /**
     * Whether Ratis has stopped it, as it does after a pause of the JVM of a minute, or when its disk or the table fails. One
     * that is stopping holds the lock on its directory yet, and does not count.
     */
    boolean hasStopped() {
        RaftServer now = server;
        if (now == null || now.getLifeCycleState() != LifeCycle.State.RUNNING) {
            return now == null || HAS_STOPPED.contains(now.getLifeCycleState());
        }
        RaftServer.Division division = division();
        return division == null || HAS_STOPPED.contains(division.getInfo().getLifeCycleState());
    }

    /** Null while there is none. */
    RaftServer.@Nullable Division division() {
        RaftServer now = server;
        try {
            return now == null ? null : now.getDivision(group);
        } catch (IOException e) {
            return null;
        }
    }

    /** The leader as this node knows it, which may be wrong. */
    @Nullable
    NodeId leader() {
        RaftServer.Division division = division();
        RaftPeerId leader = division == null ? null : division.getInfo().getLeaderId();
        return leader == null ? null : RaftPeers.node(leader);
    }

    /**
     * Whether this node leads, or has heard the leader within {@code patience}. By what came in here: of a member that joined, with a
     * vote or without, Ratis was seen to have no such time.
     */
    boolean hearsLeader(Duration patience) {
        RaftServer.Division division = division();
        Heard last = heard;
        if (division != null && division.getInfo().isLeader()) {
            return true;
        }
        return last != null && last.from().equals(leader()) && System.nanoTime() - last.atNanos() < patience.toNanos();
    }

    /**
     * What only a leader sends; before that is carried out, and after it, for it may take its time. One that was deposed and does not
     * know sends it too.
     */
    private void heard(NodeId from) {
        if (from.equals(leader())) {
            heard = new Heard(from, System.nanoTime());
        }
    }

    /** Proposes here; completes with an answer as {@link Wire} has them. */
    CompletableFuture<byte[]> propose(Wire.Proposed proposed) {
        RaftServer now = server;
        if (now == null) {
            return CompletableFuture.completedFuture(Wire.notLeader(""));
        }
        ByteString command = UnsafeByteOperations.unsafeWrap(proposed.command());
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(ClientId.valueOf(ByteString.copyFrom(proposed.clientId())))
                .setServerId(now.getId())
                .setGroupId(group)
                .setCallId(proposed.call())
                .setMessage(Message.valueOf(command))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        return submit(now, request);
    }

    private CompletableFuture<byte[]> submit(RaftServer to, RaftClientRequest request) {
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = to.submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.completedFuture(Wire.failure(String.valueOf(e)));
        }
        return reply.handle((done, failure) -> failure == null ? answer(done) : Wire.failure(String.valueOf(failure)));
    }

    private byte[] answer(RaftClientReply reply) {
        NotLeaderException elsewhere = reply.getNotLeaderException();
        if (elsewhere != null) {
            RaftPeer leader = elsewhere.getSuggestedLeader();
            return Wire.notLeader(leader == null ? "" : leader.getId().toString());
        }
        if (!reply.isSuccess() || reply.getMessage() == null) {
            return Wire.failure(String.valueOf(reply.getException()));
        }
        return Wire.frame(Wire.DONE, reply.getMessage().getContent().toByteArray());
    }

    /**
     * Answers another server; blocks for as long as that takes, a force of the log included.
     *
     * @throws IOException it can not be answered now
     */
    byte[] answer(NodeId from, byte kind, byte[] body) throws IOException {
        RaftServer now = server;
        if (now == null) {
            throw new IOException("The control plane has not started here: node=" + settings.self());
        }
        switch (kind) {
            case Wire.REQUEST_VOTE:
                RequestVoteRequestProto vote = RequestVoteRequestProto.parseFrom(body);
                requireSender(from, vote.getServerRequest());
                return now.requestVote(vote).toByteArray();
            case Wire.APPEND_ENTRIES:
                AppendEntriesRequestProto entries = AppendEntriesRequestProto.parseFrom(body);
                requireSender(from, entries.getServerRequest());
                heard(from);
                byte[] appended = append(now, entries).toByteArray();
                heard(from);
                return appended;
            case Wire.INSTALL_SNAPSHOT:
                InstallSnapshotRequestProto snapshot = InstallSnapshotRequestProto.parseFrom(body);
                requireSender(from, snapshot.getServerRequest());
                heard(from);
                byte[] installed = now.installSnapshot(snapshot).toByteArray();
                heard(from);
                return installed;
            case Wire.START_ELECTION:
                StartLeaderElectionRequestProto election = StartLeaderElectionRequestProto.parseFrom(body);
                requireSender(from, election.getServerRequest());
                return now.startLeaderElection(election).toByteArray();
            default:
                throw new IOException("Not a request that this version knows: kind=" + kind);
        }
    }

    /** One after the other: a leader that has not heard in time sends again what this server may still be writing. */
    private AppendEntriesReplyProto append(RaftServer to, AppendEntriesRequestProto entries) throws IOException {
        if (entries.getEntriesCount() == 0) {
            return to.appendEntries(entries);
        }
        try {
            if (!appending.tryLock(settings.timing().request().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("The log is being written still: node=" + settings.self());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted before an append: node=" + settings.self());
        }
        try {
            return to.appendEntries(entries);
        } finally {
            appending.unlock();
        }
    }

    /** The transport knows who it speaks with; what the message says of itself has to be the same. */
    private static void requireSender(NodeId from, RaftRpcRequestProto addressing) throws IOException {
        RaftPeerId named = RaftPeerId.valueOf(addressing.getRequestorId());
        if (!RaftPeers.node(named).equals(from)) {
            throw new IOException("A message under another name: from=" + from + ", named=" + named);
        }
    }

    /** A client id of Ratis for the proposals of one life. */
    static byte[] newClientId() {
        return ClientId.valueOf(UUID.randomUUID()).toByteString().toByteArray();
    }
}
