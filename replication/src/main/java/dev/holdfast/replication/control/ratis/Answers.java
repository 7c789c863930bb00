package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Revision;
import dev.holdfast.replication.protocol.NodeId;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The receiving side: off the transport's thread at once, for an answer may wait for the disk. */
final class Answers implements ControlTransport.Handler {

    private static final byte[] NOTHING_NEWER = {};

    private final LocalServer server;
    private final AppliedStates applied;
    private final Executor workers;

    Answers(LocalServer server, AppliedStates applied, Executor workers) {
        this.server = server;
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
                var unused = server.propose(Wire.Proposed.decode(Wire.body(request)))
                        .whenComplete((done, failure) ->
                                answer.complete(failure == null ? done : Wire.failure(String.valueOf(failure))));
            } else if (kind == Wire.TABLE) {
                answer.complete(Wire.frame(Wire.DONE, tableAfter(Wire.known(Wire.body(request)))));
            } else {
                answer.complete(Wire.frame(Wire.DONE, server.answer(from, kind, Wire.body(request))));
            }
        } catch (IOException | RuntimeException e) {
            answer.complete(Wire.failure(String.valueOf(e)));
        }
    }

    private byte[] tableAfter(Revision known) {
        ClusterState state = applied.latest();
        return state.revision().compareTo(known) > 0 ? state.encoded() : NOTHING_NEWER;
    }
}
