package dev.holdfast.node.remote;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import java.nio.ByteBuffer;

/**
 * A request that one member hands on to another for a third, and its answer.
 *
 * @param target who is to answer it
 * @param kind the code of its kind
 * @param request its body
 */
record Relayed(NodeId target, int kind, byte[] request) {

    /** In front of an answer; the failures follow, in the order of {@link Outcome}. */
    private static final int ANSWERED = 0;

    static Body write(NodeId target, int kind, Body request) {
        byte[] bytes = new byte[request.sizeBytes()];
        request.writeTo(ByteBuffer.wrap(bytes));
        return new WireWriter(bytes.length)
                .text(target.diskId())
                .u8(kind)
                .bytes(bytes)
                .body();
    }

    static Relayed read(WireReader in) {
        return new Relayed(new NodeId(in.requiredText()), in.u8(), in.bytes());
    }

    static Body answered(ByteBuffer answer) {
        byte[] bytes = new byte[answer.remaining()];
        answer.duplicate().get(bytes);
        return new WireWriter(bytes.length).u8(ANSWERED).bytes(bytes).body();
    }

    static Body failed(Outcome outcome, String why) {
        return new WireWriter().u8(ANSWERED + 1 + outcome.ordinal()).text(why).body();
    }

    /**
     * What the target answered.
     *
     * @throws RequestFailedException it was not answered, as whoever handed it on was told
     * @throws MalformedMessageException it is not what {@link #answered} and {@link #failed} write
     */
    static ByteBuffer answer(ByteBuffer bytes) {
        return WireReader.read(bytes, in -> {
            int status = in.u8();
            if (status == ANSWERED) {
                return ByteBuffer.wrap(in.bytes());
            }
            Outcome[] outcomes = Outcome.values();
            if (status > outcomes.length) {
                throw new MalformedMessageException("An unknown outcome: status=" + status);
            }
            throw new RequestFailedException(outcomes[status - ANSWERED - 1], in.requiredText());
        });
    }
}
