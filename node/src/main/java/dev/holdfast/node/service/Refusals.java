package dev.holdfast.node.service;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Why the partitions that were tried refused one submission; the first reason is told. One thread at a time. */
final class Refusals {

    private final Core core;
    private @Nullable String first;
    private int count;

    Refusals(Core core) {
        this.core = core;
    }

    /** The ledger said no. */
    void add(Reply.Refused refused) {
        add(refused.message());
    }

    /** The partition did not even take the command. */
    void add(PartitionAccess partition) {
        String where = "executor=" + core.name() + ", partition=" + partition.id();
        String problem = partition.problem();
        if (problem != null) {
            add("The partition refuses: " + where + ", problem=" + problem);
            return;
        }
        try {
            core.context().checkOpen();
            add("Too many submits wait for their commit: " + where + "; submit again later, or from fewer threads");
        } catch (IllegalStateException e) {
            add(String.valueOf(e.getMessage()));
        }
    }

    private void add(String message) {
        count++;
        if (first == null) {
            first = message;
        }
    }

    RejectedExecutionException rejection(boolean keyless) {
        core.rejected().increment();
        String why = first == null ? "No partition takes tasks: executor=" + core.name() : first;
        return new RejectedExecutionException(
                keyless && count > 1 ? why + " (and " + (count - 1) + " other partitions refused as well)" : why);
    }
}
