package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem.Call;
import org.jspecify.annotations.Nullable;

/** Calls of remote callers that come again: the first one's answer, whatever has become of the task since. */
final class Repeats {

    private final PartitionId partition;

    Repeats(PartitionId partition) {
        this.partition = partition;
    }

    /** The reply to a call that is not to be decided, or null: it is to be. */
    @Nullable
    Reply answer(Turn turn, Command.Repeatable command, RequestId request) {
        RequestTable known = turn.state().requests();
        if (known.isOver(request)) {
            return refused(
                    Refusal.SPENT,
                    request,
                    "Its caller said that it waits for this call no more",
                    "this is a late copy, nobody waits for its answer");
        }
        Call call = known.find(request);
        if (call != null) {
            return again(turn, command, request, call);
        }
        if (!known.isFull(request)) {
            return null;
        }
        return refused(
                Refusal.REQUESTS,
                request,
                "Too many calls of this caller, or of all callers, are unanswered",
                "max-outstanding=" + known.limits().perCaller() + ", of all callers="
                        + known.limits().total() + "; retry when earlier calls are answered");
    }

    boolean isKnown(InFlight state, Command.Repeatable command) {
        RequestId request = command.request();
        return request != null && state.requests().find(request) != null;
    }

    private Reply again(Turn turn, Command.Repeatable command, RequestId request, Call call) {
        boolean another = command instanceof Command.OfTask ofTask && ofTask.sequence() != call.sequence();
        if (another || call.caused() != command.causes()) {
            return refused(
                    Refusal.SPENT,
                    request,
                    "Its caller gave this number to another call before",
                    "that one: " + call.caused() + ", sequence=" + call.sequence());
        }
        if (command instanceof Command.Submit) {
            return new Reply.Stored(call.sequence(), false);
        }
        if (command instanceof Command.RetrieveAndDispose) {
            StoredEntry outcome = turn.state().takenInFlight(request);
            return outcome == null ? new Reply.Taken() : new Reply.Ended(outcome);
        }
        return new Reply.Done(true); // a call that changed nothing is not remembered
    }

    private Reply.Refused refused(Refusal why, RequestId request, String what, String more) {
        return new Reply.Refused(
                why,
                what + ", nothing was done: caller=" + request.caller() + ", request=" + request.number()
                        + ", lowestUnanswered=" + request.lowestUnanswered() + ", partition=" + partition + "; "
                        + more);
    }
}
