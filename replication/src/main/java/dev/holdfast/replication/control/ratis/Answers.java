package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Revision;
import dev.holdfast.replication.protocol.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The receiving side: off the transport's thread at once, for an answer may wait for the disk. */
final class Answers implements ControlTransport.Handler {

    private static final byte[] NOTHING_NEWER = {};

    private final NodeId self;
    private final Duration deadline;
    private final LocalServer server;
    private final ControlTransport transport;
    private final AppliedStates applied;
    private final Executor workers;

    Answers(
            RatisSettings settings,
            LocalServer server,
            ControlTransport transport,
            AppliedStates applied,
            Executor workers) {
        this.self = settings.self();
        this.deadline = settings.timing().request();
        this.server = server;
        this.transport = transport;
        this.applied = applied;
        this.workers = workers;
    }

    @Override
    public CompletionStage<byte[]> answer(NodeId from, byte[] request) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            workers.execute(() -> answerOn(from, request, answer));
        } catch (RejectedExecutionException e) {
            answer.complete(Wire.failure("The control plane is closed here, or has too much to answer"));
        }
        return answer;
    }

    private void answerOn(NodeId from, byte[] request, CompletableFuture<byte[]> answer) {
        try {
            byte kind = Wire.first(request);
            if (kind == Wire.PROPOSE) {
                settle(server.propose(Wire.Proposed.decode(Wire.body(request))), answer);
            } else if (kind == Wire.RELAY) {
                settle(handOn(from, Wire.Proposed.decode(Wire.body(request))), answer);
            } else if (kind == Wire.TABLE) {
                answer.complete(Wire.frame(Wire.DONE, tableAfter(Wire.known(Wire.body(request)))));
            } else {
                answer.complete(Wire.frame(Wire.DONE, server.answer(from, kind, Wire.body(request))));
            }
        } catch (IOException | RuntimeException e) {
            answer.complete(Wire.failure(String.valueOf(e)));
        }
    }

    private static void settle(CompletionStage<byte[]> told, CompletableFuture<byte[]> answer) {
        var unused = told.whenComplete(
                (done, failure) -> answer.complete(failure == null ? done : Wire.failure(String.valueOf(failure))));
    }

    /** To the leader and no further: what is handed on is a proposal there like any other, and the same call at each attempt. */
    private CompletionStage<byte[]> handOn(NodeId from, Wire.Proposed proposed) {
        NodeId leader = server.leader();
        if (leader == null || leader.equals(from)) {
            return CompletableFuture.completedFuture(Wire.notLeader(""));
        }
        return leader.equals(self)
                ? server.propose(proposed)
                : transport.request(leader, proposed.encode(Wire.PROPOSE), deadline);
    }

    private byte[] tableAfter(Revision known) {
        ClusterState state = applied.latest();
        return state.revision().compareTo(known) > 0 ? state.encoded() : NOTHING_NEWER;
    }
}
