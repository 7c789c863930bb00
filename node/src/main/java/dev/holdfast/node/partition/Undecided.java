package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.storage.log.LogEnd;
import java.util.List;

/**
 * Commands that a deposed partition had decided and appended, and not seen committed: whether they took effect is decided by
 * whether the next primary has {@link #end} in its log. To be told one of the three, once; any thread.
 */
public final class Undecided {

    private final List<Item> items;
    private final LogEnd end;

    Undecided(List<Item> items, LogEnd end) {
        this.items = List.copyOf(items);
        this.end = end;
    }

    /** Where they end in the log, under the epoch of the partition that was deposed. */
    public LogEnd end() {
        return end;
    }

    /** They are committed. */
    public void committed() {
        items.forEach(Item::release);
    }

    /** They are in no log any more. */
    public void dropped() {
        answer(new Reply.Elsewhere(false));
    }

    /** Nobody here will know. */
    public void unknown() {
        answer(new Reply.Elsewhere(true));
    }

    private void answer(Reply reply) {
        for (Item item : items) {
            item.decided(reply);
            item.release();
        }
    }
}
