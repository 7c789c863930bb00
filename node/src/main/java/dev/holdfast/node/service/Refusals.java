package dev.holdfast.node.service;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Why the partitions that were tried refused one submission; the first reason is told. One thread at a time. */
final class Refusals {

    private final Core core;
    private @Nullable String first;
    private ErrorCode firstCode = ErrorCode.PARTITION_REFUSES;
    private int count;

    Refusals(Core core) {
        this.core = core;
    }

    /** The ledger said no. */
    void add(Reply.Refused refused) {
        add(codeOf(refused.refusal()), refused.message());
    }

    /** The partition did not even take the command. */
    void add(PartitionAccess partition) {
        String where = "executor=" + core.name() + ", partition=" + partition.id();
        String problem = partition.problem();
        if (problem != null) {
            add(ErrorCode.PARTITION_REFUSES, "The partition refuses: " + where + ", problem=" + problem);
            return;
        }
        try {
            core.context().checkOpen();
            add(
                    ErrorCode.INBOX_FULL,
                    "Too many submits wait for their commit: " + where + "; submit again later, or from fewer threads");
        } catch (IllegalStateException e) {
            add(ErrorCode.NODE_CLOSED, String.valueOf(e.getMessage()));
        }
    }

    private void add(ErrorCode code, String message) {
        count++;
        if (first == null) {
            first = message;
            firstCode = code;
        }
    }

    RejectedExecutionException rejection(boolean keyless) {
        core.rejected().increment();
        String why = first == null ? "No partition takes tasks: executor=" + core.name() : first;
        return new RejectedExecutionException(firstCode.says(
                keyless && count > 1 ? why + " (and " + (count - 1) + " other partitions refused as well)" : why));
    }

    static ErrorCode codeOf(Reply.Refusal refusal) {
        return switch (refusal) {
            case CAPACITY -> ErrorCode.CAPACITY_REACHED;
            case HELD -> ErrorCode.HELD_LIMIT_REACHED;
            case RESULTS -> ErrorCode.RESULT_LIMIT_REACHED;
            case SHUTDOWN -> ErrorCode.EXECUTOR_SHUT_DOWN;
            case SPACE -> ErrorCode.DISK_FULL;
            case COPIES -> ErrorCode.TOO_FEW_COPIES;
            case SEQUENCES -> ErrorCode.TASK_IDS_NOT_RESERVED;
            case BUSY -> ErrorCode.INBOX_FULL;
            case NO_OWNER -> ErrorCode.PARTITION_WITHOUT_LEADER;
            case PARTITION -> ErrorCode.PARTITION_REFUSES;
            case TOO_LARGE -> ErrorCode.TASK_TOO_LARGE;
            case PROTECTION -> ErrorCode.CLUSTER_TOO_SMALL;
            case REQUESTS -> ErrorCode.TOO_MANY_CALLS;
            case SPENT -> ErrorCode.INTERNAL_DEFECT;
        };
    }
}
