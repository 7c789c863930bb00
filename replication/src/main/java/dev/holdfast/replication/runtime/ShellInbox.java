package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Input;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What waits for a shell. A worker is asked for when something comes into an empty one, and takes all that is there. Any
 * thread.
 */
final class ShellInbox {

    private final int maxWaiting;
    private final Executor workers;
    private final Consumer<List<Input>> drain;

    /** Under {@code this}. */
    private final Deque<Input> waiting = new ArrayDeque<>();

    /** Under {@code this}: one tick says as much as many. */
    private boolean ticked;

    /** Under {@code this}: a worker is asked for, or is at it. */
    private boolean scheduled;

    ShellInbox(int maxWaiting, Executor workers, Consumer<List<Input>> drain) {
        this.maxWaiting = maxWaiting;
        this.workers = workers;
        this.drain = drain;
    }

    /** What may be lost: it is dropped where too much waits. */
    void offer(Input input) {
        add(input, maxWaiting);
    }

    /** What must not be lost; there is little of it. */
    void put(Input input) {
        add(input, Integer.MAX_VALUE);
    }

    void tick(Input tick) {
        synchronized (this) {
            if (ticked) {
                return;
            }
            ticked = true;
        }
        put(tick);
    }

    private void add(Input input, int limit) {
        synchronized (this) {
            if (waiting.size() >= limit) {
                return;
            }
            waiting.add(input);
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        workers.execute(this::run);
    }

    private void run() {
        List<Input> taken = take();
        while (!taken.isEmpty()) {
            drain.accept(taken);
            taken = take();
        }
    }

    private synchronized List<Input> take() {
        List<Input> taken = new ArrayList<>(waiting);
        waiting.clear();
        ticked = false;
        scheduled = !taken.isEmpty();
        return taken;
    }
}
