package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Reply;
import org.jspecify.annotations.Nullable;

/** What a node answers to a command. */
record SimReply(Kind kind, @Nullable Reply reply) {

    enum Kind {
        /** Committed; {@code reply} says what. */
        ANSWERED,
        /** Nothing was stored; another node, or the same one later, may take it. */
        TRY_ELSEWHERE,
        /** It may or may not have been stored. */
        UNKNOWN
    }

    static final SimReply TRY_ELSEWHERE = new SimReply(Kind.TRY_ELSEWHERE, null);
    static final SimReply UNKNOWN = new SimReply(Kind.UNKNOWN, null);

    static SimReply answered(Reply reply) {
        return new SimReply(Kind.ANSWERED, reply);
    }
}
