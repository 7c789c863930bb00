package dev.holdfast.node.remote;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets a part of a connection's requests be waits for ends of tasks, so that there is room for what is answered at once. Those
 * that find no room take turns: while some stand in line the others wait for a short time only. Thread-safe.
 */
final class AwaitDesk {

    private static final int WAIT_MILLIS = 10_000;
    private static final int WAIT_MILLIS_WHILE_OTHERS_STAND_IN_LINE = 500;

    private final int max;
    private final Queue<Runnable> line = new ArrayDeque<>();
    private int inFlight;

    AwaitDesk(int max) {
        this.max = max;
    }

    /** Runs {@code send} now or when its turn comes, on the thread that leaves; {@link #leave} is due after it. */
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
        next.run();
    }

    synchronized int waitMillis() {
        return line.isEmpty() ? WAIT_MILLIS : WAIT_MILLIS_WHILE_OTHERS_STAND_IN_LINE;
    }
}
