package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.RingListener;
import dev.holdfast.node.ledger.TaskEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what the ledger reports and what may be answered; under the partition's lock. */
final class Effects implements RingListener {

    private Released collected = new Released();

    @Override
    public void onSubmitted(TaskEntry entry) {
        collected.note(Released.Kind.RUNNABLE, entry);
    }

    @Override
    public void onRunnable(TaskEntry entry) {
        collected.note(Released.Kind.RUNNABLE, entry);
    }

    @Override
    public void onEnded(TaskEntry entry) {
        collected.note(Released.Kind.ENDED, entry);
    }

    @Override
    public void onCancelled(TaskEntry entry) {
        collected.note(Released.Kind.CANCELLED, entry);
    }

    @Override
    public void onHeld(TaskEntry entry) {
        collected.note(Released.Kind.HELD, entry);
    }

    @Override
    public void onRemoved(TaskEntry entry, Reply.Staleness why) {
        collected.note(
                switch (why) {
                    case DISPOSED, UNKNOWN -> Released.Kind.DISPOSED;
                    case EVICTED -> Released.Kind.EVICTED;
                    case LOST -> Released.Kind.LOST;
                },
                entry);
    }

    @Override
    public void onExecutorChanged(String executor, boolean shutdown, boolean paused) {
        collected.note(Released.Kind.EXECUTOR, executor);
    }

    void reply(Item item) {
        collected.reply(item);
    }

    void reply(List<Item> items) {
        collected.reply(items);
    }

    /** Nobody here is to be told. */
    void forget() {
        if (!collected.isEmpty()) {
            collected = new Released();
        }
    }

    /** Hands over what was collected, behind {@code earlier}. */
    @Nullable
    Released takeBehind(@Nullable Released earlier) {
        if (collected.isEmpty()) {
            return earlier;
        }
        if (earlier != null) {
            earlier.add(collected);
            return earlier;
        }
        Released taken = collected;
        collected = new Released();
        return taken;
    }
}
