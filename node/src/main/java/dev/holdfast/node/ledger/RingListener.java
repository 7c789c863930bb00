package dev.holdfast.node.ledger;

/**
 * What applying a record changed, told to the partition while it holds its lock: implementations only note it. Not told
 * during replay.
 */
public interface RingListener {

    /** A task is stored and was never started: its first attempt may start unlogged, unless {@code maxCrashes} is 1. */
    void onSubmitted(TaskEntry entry);

    /**
     * A held or failed task is to run again, its attempt logged first. What an epoch found unfinished is not told: see {@link
     * TaskLedger#recoverable}.
     */
    void onRunnable(TaskEntry entry);

    /** The task ended: waiters get {@code entry}. */
    void onEnded(TaskEntry entry);

    /** The task was cancelled while an attempt may be running: interrupt it. Called before {@link #onEnded}. */
    void onCancelled(TaskEntry entry);

    void onHeld(TaskEntry entry);

    /** The task left the ring: waiters are told why. Also for a task that was destroyed while it ran. */
    void onRemoved(TaskEntry entry, Reply.Staleness why);

    /** Shutdown, pause or their opposites of a whole executor. */
    void onExecutorChanged(String executor, boolean shutdown, boolean paused);

    /** For replay. */
    RingListener NONE = new RingListener() {
        @Override
        public void onSubmitted(TaskEntry entry) {}

        @Override
        public void onRunnable(TaskEntry entry) {}

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
    };
}
