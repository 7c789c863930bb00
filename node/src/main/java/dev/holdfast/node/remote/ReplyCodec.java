package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Reply;
import org.jspecify.annotations.Nullable;

/** Replies as bytes. */
final class ReplyCodec {

    private static final int STORED = 1;
    private static final int REFUSED = 2;
    private static final int DONE = 3;
    private static final int ENDED = 4;
    private static final int NOT_ENDED = 5;
    private static final int STALE = 6;
    private static final int UNANSWERED = 7;
    private static final int ELSEWHERE = 8;
    private static final int MAY_START = 9;
    private static final int DROPPED = 10;
    private static final int TAKEN = 11;

    private ReplyCodec() {}

    /** @param result bytes of the result of a {@link Reply.Ended}; null if there are none */
    static void write(WireWriter out, Reply reply, byte @Nullable [] result) {
        if (reply instanceof Reply.Stored stored) {
            out.u8(STORED).i64(stored.sequence()).flag(stored.existing());
        } else if (reply instanceof Reply.Refused refused) {
            out.u8(REFUSED).u8(refused.refusal().ordinal()).text(refused.message());
        } else if (reply instanceof Reply.Done done) {
            out.u8(DONE).flag(done.changed());
        } else if (reply instanceof Reply.Ended ended) {
            out.u8(ENDED);
            EntryCodec.writeEntry(out, ended.outcome(), result);
        } else if (reply instanceof Reply.NotEnded) {
            out.u8(NOT_ENDED);
        } else if (reply instanceof Reply.Stale stale) {
            out.u8(STALE).u8(stale.staleness().ordinal());
        } else if (reply instanceof Reply.Unanswered unanswered) {
            out.u8(UNANSWERED).text(unanswered.problem());
        } else if (reply instanceof Reply.Elsewhere elsewhere) {
            out.u8(ELSEWHERE).flag(elsewhere.maybeDone());
        } else if (reply instanceof Reply.MayStart start) {
            out.u8(MAY_START).i32(start.attempt());
        } else if (reply instanceof Reply.Taken) {
            out.u8(TAKEN);
        } else {
            out.u8(DROPPED);
        }
    }

    static Reply read(WireReader in) {
        int type = in.u8();
        return switch (type) {
            case STORED -> new Reply.Stored(in.i64(), in.flag());
            case REFUSED -> new Reply.Refused(in.constant(Reply.Refusal.values()), in.requiredText());
            case DONE -> new Reply.Done(in.flag());
            case ENDED -> new Reply.Ended(EntryCodec.readEntry(in));
            case NOT_ENDED -> new Reply.NotEnded();
            case STALE -> new Reply.Stale(in.constant(Reply.Staleness.values()));
            case UNANSWERED -> new Reply.Unanswered(in.requiredText());
            case ELSEWHERE -> new Reply.Elsewhere(in.flag());
            case MAY_START -> new Reply.MayStart(in.i32());
            case DROPPED -> new Reply.Dropped();
            case TAKEN -> new Reply.Taken();
            default -> throw new MalformedMessageException("An unknown reply: type=" + type);
        };
    }
}
