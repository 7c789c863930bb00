package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What has come of tasks, at once or when it is known. Any thread. */
final class Waits {

    private static final AutoCloseable NOTHING = () -> {};

    private final TaskLedger ledger;
    private final Standing standing;
    private final Waiters waiters;

    Waits(TaskLedger ledger, Standing standing, Waiters waiters) {
        this.ledger = ledger;
        this.standing = standing;
        this.waiters = waiters;
    }

    /** As {@link PartitionAccess#await}. */
    AutoCloseable await(String executor, long sequence, Consumer<Reply> onReply) {
        Reply now = known(executor, sequence);
        if (now != null) {
            onReply.accept(now);
            return NOTHING;
        }
        Waiters.Waiter waiter = waiters.add(sequence, onReply);
        now = known(executor, sequence);
        if (now != null) {
            waiter.tellNow(now);
        }
        return waiter;
    }

    private @Nullable Reply known(String executor, long sequence) {
        Standing.Refusal refusal = standing.refusal();
        if (refusal != null) {
            return refusal.unbegun();
        }
        TaskEntry entry = ledger.find(sequence);
        if (entry == null) {
            return new Reply.Stale(ledger.staleness(executor, sequence));
        }
        if (!entry.executor().equals(executor)) {
            return new Reply.Stale(Reply.Staleness.UNKNOWN);
        }
        return entry.isTerminal() ? new Reply.Ended(entry) : null;
    }
}
