package dev.holdfast.node.service;

import dev.holdfast.HoldfastException;
import dev.holdfast.IndeterminateOutcomeException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import java.time.Duration;

/** Commands that a caller waits for. Not interruptible, bounded by {@code submit-timeout}. */
final class PartitionCalls {

    private final String executor;
    private final NodeContext context;
    private final Duration timeout;

    PartitionCalls(String executor, NodeContext context) {
        this.executor = executor;
        this.context = context;
        this.timeout = context.config().getSubmitTimeout();
    }

    /** When a call that begins now is given up. */
    long deadlineNanos() {
        return System.nanoTime() + timeout.toNanos();
    }

    /** Posts {@code command} and waits for its reply. */
    Reply call(PartitionAccess partition, Command command) {
        ReplyWait wait = new ReplyWait();
        long deadline = deadlineNanos();
        post(partition, command, wait);
        return answer(partition, wait, deadline);
    }

    /** Posts a command other than a submit. */
    void post(PartitionAccess partition, Command command, ReplyWait wait) {
        if (!partition.post(command, wait)) {
            context.checkOpen();
            throw refusing(partition);
        }
    }

    /** Waits for the reply to a command that was posted. */
    Reply answer(PartitionAccess partition, ReplyWait wait, long deadlineNanos) {
        Reply reply = wait.await(deadlineNanos);
        if (reply == null) {
            throw new IndeterminateOutcomeException("No answer in time, the call may have taken effect: executor="
                    + executor + ", partition=" + partition.id() + ", submit-timeout=" + timeout
                    + "; a submit can be repeated with the same idempotency key, other calls as they are");
        }
        if (reply instanceof Reply.Unanswered unanswered) {
            throw unanswered(partition, unanswered);
        }
        if (reply instanceof Reply.Refused refused) {
            Protection.checkAnswer(refused);
            throw new HoldfastException(Refusals.codeOf(refused.refusal()), refused.message());
        }
        return reply;
    }

    IndeterminateOutcomeException unanswered(PartitionAccess partition, Reply.Unanswered unanswered) {
        return new IndeterminateOutcomeException(
                "The partition stopped before it answered, the call may have taken effect:"
                        + " executor=" + executor + ", partition=" + partition.id() + ", problem="
                        + unanswered.problem()
                        + "; repeat it after the restart, a submit with the same idempotency key");
    }

    HoldfastException refusing(PartitionAccess partition) {
        String problem = partition.problem();
        return new HoldfastException(
                ErrorCode.PARTITION_REFUSES,
                "The partition refuses, nothing was done: executor=" + executor + ", partition="
                        + partition.id() + ", problem="
                        + (problem == null ? ErrorCode.NODE_CLOSED.says("it is closed") : problem));
    }
}
