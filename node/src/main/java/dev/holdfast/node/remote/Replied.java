package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Reply;

/**
 * The reply to a command.
 *
 * @param unfinished tasks of its executor in that partition, for routing; of other replies than to a submit, {@link #UNSAID}
 */
record Replied(Reply reply, int unfinished) {

    static final int UNSAID = -1;

    static Replied read(WireReader in) {
        int unfinished = in.i32();
        return new Replied(ReplyCodec.read(in), unfinished);
    }
}
