package dev.holdfast.node.remote;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Lets a part of a connection's requests be waits for ends of tasks, so that there is room for what is answered at once. Those
 * that find no room take turns: in a crowd each waits at the node for a short time only. Thread-safe.
 */
final class AwaitDesk {

    private static final int WAIT_MILLIS = 10_000;
    private static final int SHORTEST_WAIT_MILLIS = 500;

    /** So that a large crowd does not ask more often than some thousand times a second. */
    private static final int CROWD_PER_MILLI = 4;

    private final int max;
    private final Executor executor;
    private final Queue<Runnable> line = new ArrayDeque<>();
    private int inFlight;

    /** @param executor runs those whose turn comes: one that fails at once leaves at once, and all that follow would nest */
    AwaitDesk(int max, Executor executor) {
        this.max = max;
        this.executor = executor;
    }

    /** Runs {@code send} now, or when its turn comes; {@link #leave} is due after it. */
    void enter(Runnable send) {
        synchronized (this) {
            if (inFlight == max) {
                line.add(send);
                return;
            }
            inFlight++;
        }
        send.run();
    }

    void leave() {
        Runnable next;
        synchronized (this) {
            next = line.poll();
            if (next == null) {
                inFlight--;
                return;
            }
        }
        executor.execute(next);
    }

    synchronized int waitMillis() {
        boolean crowded = !line.isEmpty() || inFlight > max / 2;
        return crowded ? Math.max(SHORTEST_WAIT_MILLIS, inFlight / CROWD_PER_MILLI) : WAIT_MILLIS;
    }
}
