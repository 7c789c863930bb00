package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.ReplicaTiming;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Beacons, their answers and ticks: what has to be stepped whatever the disk does. One thread, which does no disk I/O, steps
 * them for all shells of a node; a tick only when the signs that came before it have been. {@link #offer} from any thread.
 *
 * <p>A tick that comes much too late says that this process, or its machine, stood still, and what others said meanwhile
 * waits in the network: nobody is taken for silent by it ({@link Input.ClockJumped}).
 */
final class SignsOfLife {

    /** Of all peers, several rounds. */
    private static final int MAX_WAITING = 1_024;

    private final Executor thread;
    private final Consumer<Input> step;
    private final StoodStill stoodStill;

    /** Under {@code this}. */
    private final Deque<Input> waiting = new ArrayDeque<>();

    /** Under {@code this}. */
    private boolean scheduled;

    /** @param thread does one thing after the other; calls of {@link #tick} come from it too */
    SignsOfLife(ReplicaTiming timing, Executor thread, Consumer<Input> step) {
        this.stoodStill = new StoodStill(timing.leaseNanos() / 2);
        this.thread = thread;
        this.step = step;
    }

    static boolean isOne(Message message) {
        return message instanceof Message.Beacon || message instanceof Message.BeaconAck;
    }

    /** The oldest is dropped where too many wait: a late one is worth nothing. */
    void offer(Input.Received sign) {
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                waiting.remove();
            }
            waiting.add(sign);
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        thread.execute(this::stepWaiting);
    }

    /** Time has passed. On the thread. */
    void tick() {
        tick(System.nanoTime(), System.currentTimeMillis());
    }

    /** @param millis of the wall clock, which goes on where a suspended machine's monotonic clock does not */
    void tick(long nanos, long millis) {
        stepWaiting();
        if (stoodStill.until(nanos, millis)) {
            step.accept(new Input.ClockJumped()); // first: meanwhile nobody takes the lease for in force
        }
        stoodStill.seen(nanos, millis);
        step.accept(new Input.Tick());
    }

    /** Whether the next tick will say that the clock has jumped: until then nothing rests on the lease (R5). Any thread. */
    boolean hasStoodStill() {
        return hasStoodStill(System.nanoTime(), System.currentTimeMillis());
    }

    boolean hasStoodStill(long nanos, long millis) {
        return stoodStill.until(nanos, millis);
    }

    private void stepWaiting() {
        take().forEach(step);
    }

    private synchronized List<Input> take() {
        scheduled = false;
        List<Input> taken = new ArrayList<>(waiting);
        waiting.clear();
        return taken;
    }
}
