package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a shell. A worker is asked for when something comes into an empty one, and takes all that is there. Who has brought
 * something that is short may be that worker itself: {@link #add}, {@link #claim}, {@link #pollIf}, {@link #settle}. Any thread.
 */
final class ShellInbox {

    /** About what a message takes besides records and pieces of checkpoints. */
    private static final long MESSAGE_BYTES = 256;

    private final int maxWaiting;
    private final long maxWaitingBytes;
    private final Executor workers;
    private final Consumer<List<Waiting>> drain;

    /** Under {@code this}. */
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /** Under {@code this}: of what waits and of what the worker has taken and not finished. */
    private long bytes;

    /** Under {@code this}: a worker is to come, even if nothing waits. */
    private boolean wanted;

    /** Under {@code this}: a worker is asked for, or somebody is at it. */
    private boolean scheduled;

    /**
     * Something to be stepped.
     *
     * @param generation of the replica it is for, {@link #ANY} for whichever there is
     */
    record Waiting(Input input, int generation, long bytes) {

        static final int ANY = -1;
    }

    /**
     * @param maxWaiting of what may be lost
     * @param maxWaitingBytes the same in bytes; a single larger one is taken while nothing waits
     */
    ShellInbox(int maxWaiting, long maxWaitingBytes, Executor workers, Consumer<List<Waiting>> drain) {
        this.maxWaiting = maxWaiting;
        this.maxWaitingBytes = maxWaitingBytes;
        this.workers = workers;
        this.drain = drain;
    }

    /** What may be lost: it is dropped where too much waits. Whether it was taken. */
    boolean offer(Input.Received received) {
        boolean taken = add(received);
        if (taken) {
            wake();
        }
        return taken;
    }

    /** As {@link #offer}; but the caller has to see to it that somebody comes, by {@link #wake} or {@link #claim}. */
    boolean add(Input.Received received) {
        Waiting next = new Waiting(received, Waiting.ANY, bytesOf(received.message()));
        synchronized (this) {
            boolean tooMuch = bytes > 0 && bytes + next.bytes() > maxWaitingBytes;
            if (tooMuch || waiting.size() >= maxWaiting) {
                return false;
            }
            waiting.add(next);
            bytes += next.bytes();
        }
        return true;
    }

    /** What must not be lost; there is little of it. */
    void put(Input input) {
        put(input, Waiting.ANY);
    }

    /** The same for the replica of {@code generation} only. */
    void put(Input input, int generation) {
        synchronized (this) {
            waiting.add(new Waiting(input, generation, 0));
        }
        wake();
    }

    /** Has a worker come, whether something waits or not. */
    void wake() {
        synchronized (this) {
            wanted = true;
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        workers.execute(this::run);
    }

    /**
     * The caller is the worker, until it calls {@link #settle}.
     *
     * @return false: somebody is at it, or about to be, and looks at what is here now
     */
    synchronized boolean claim() {
        wanted = true;
        if (scheduled) {
            return false;
        }
        scheduled = true;
        wanted = false;
        return true;
    }

    /** For who has claimed it: the next in line, if it is such a one. */
    synchronized @Nullable Waiting pollIf(Predicate<Input> wantedOne) {
        Waiting next = waiting.peek();
        if (next == null || !wantedOne.test(next.input())) {
            return null;
        }
        bytes -= next.bytes();
        return waiting.remove();
    }

    /** For who has claimed it: a worker comes if there is more to do, or something waits. */
    void settle(boolean more) {
        synchronized (this) {
            scheduled = more || wanted || !waiting.isEmpty();
            if (!scheduled) {
                return;
            }
        }
        workers.execute(this::run);
    }

    private void run() {
        do {
            List<Waiting> taken = take();
            drain.accept(taken);
            done(taken);
        } while (goesOn());
    }

    private synchronized List<Waiting> take() {
        List<Waiting> taken = new ArrayList<>(waiting);
        waiting.clear();
        wanted = false;
        return taken;
    }

    private synchronized void done(List<Waiting> taken) {
        taken.forEach(each -> bytes -= each.bytes());
    }

    private synchronized boolean goesOn() {
        scheduled = wanted;
        return scheduled;
    }

    private static long bytesOf(Message message) {
        if (message instanceof Message.Append append) {
            return MESSAGE_BYTES + append.run().records().bytes();
        }
        if (message instanceof Message.CheckpointPart part) {
            return MESSAGE_BYTES + part.chunk().content().bytes();
        }
        return MESSAGE_BYTES;
    }
}
