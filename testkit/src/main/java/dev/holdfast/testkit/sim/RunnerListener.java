package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.RingListener;
import dev.holdfast.node.ledger.TaskEntry;
import java.util.function.LongConsumer;

/** Notes which tasks may start; what else a ring tells, nobody here waits for. */
final class RunnerListener implements RingListener {

    private final LongConsumer startable;

    RunnerListener(LongConsumer startable) {
        this.startable = startable;
    }

    @Override
    public void onSubmitted(TaskEntry entry) {
        startable.accept(entry.sequence());
    }

    @Override
    public void onRunnable(TaskEntry entry) {
        startable.accept(entry.sequence());
    }

    @Override
    public void onEnded(TaskEntry entry) {}

    @Override
    public void onCancelled(TaskEntry entry) {}

    @Override
    public void onHeld(TaskEntry entry) {}

    @Override
    public void onRemoved(TaskEntry entry, Reply.Staleness why) {}

    @Override
    public void onExecutorChanged(String executor, boolean shutdown, boolean paused) {}
}
