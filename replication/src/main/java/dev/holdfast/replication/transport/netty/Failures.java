package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.wire.FailureCode;
import dev.holdfast.replication.transport.wire.HandshakeCodec;
import dev.holdfast.replication.transport.wire.PendingRequests.Pending;
import java.nio.ByteBuffer;

/** What a FAILURE means to who asked. */
final class Failures {

    private Failures() {}

    static void complete(Pending request, Peer peer, ByteBuffer body) {
        FailureCode code = HandshakeCodec.failureCode(body);
        String message =
                "Request failed: peer=" + peer + ", code=" + code + ", cause=" + HandshakeCodec.failureMessage(body);
        request.answer().completeExceptionally(new RequestFailedException(code.outcome(), message));
    }
}
