package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.RowVersion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The replica itself, and what it wants done. A step does no I/O, so that whoever has a sign of life steps it at once, whatever
 * the disk does: what may leave at once leaves within the step, everything else waits in line for who carries it out. Any
 * thread.
 */
final class Stepper {

    /** Held for a step, never for longer. */
    private final ReentrantLock lock = new ReentrantLock();

    private final ShellOutputs outputs;

    /** Under {@link #lock}, as all below. */
    private PartitionReplica replica;

    private final Deque<Output> line = new ArrayDeque<>();
    private int generation;
    private boolean suspect;
    private boolean cleared;
    private Optional<RowVersion> learnsSince = Optional.empty();
    private boolean learns;
    private boolean stopped;

    /** @param suspect what the log says: the replica may know better from the start */
    Stepper(ShellOutputs outputs, PartitionReplica replica, boolean suspect) {
        this.outputs = outputs;
        this.replica = replica;
        begin(suspect);
    }

    private void begin(boolean asNoted) {
        suspect = asNoted;
        cleared = false;
        learnsSince = replica.learnsSince();
        learns = false;
        lookAtReplica();
    }

    /** What it says of itself, for the disk to note. */
    private void lookAtReplica() {
        if (suspect && !replica.hasLostPageCache()) {
            suspect = false;
            cleared = true;
        }
        if (!learnsSince.equals(replica.learnsSince())) {
            learnsSince = replica.learnsSince();
            learns = learnsSince.isPresent();
        }
    }

    /** Whether something waits in line now. */
    boolean step(Input input) {
        lock.lock();
        try {
            if (stopped) {
                return false;
            }
            for (Output output : replica.step(input, System.nanoTime())) {
                if (!outputs.atOnce(output)) {
                    line.add(output);
                }
            }
            lookAtReplica();
            return !line.isEmpty() || isToBeNoted();
        } finally {
            lock.unlock();
        }
    }

    /** Of a replica of {@code asked} only: what an earlier one asked for is not answered. */
    boolean step(Input input, int asked) {
        lock.lock();
        try {
            return asked == generation && step(input);
        } finally {
            lock.unlock();
        }
    }

    /** The next in line, which is the caller's from now on. */
    @Nullable
    Output next() {
        lock.lock();
        try {
            return stopped ? null : line.poll();
        } finally {
            lock.unlock();
        }
    }

    /** The next in line, which is the caller's from now on, if it is such a one. */
    @Nullable
    Output nextIf(Predicate<Output> wanted) {
        lock.lock();
        try {
            Output next = line.peek();
            return stopped || isToBeNoted() || next == null || !wanted.test(next) ? null : line.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the next in line is there and tells the listener that the role changes. */
    boolean nextChangesRole() {
        lock.lock();
        try {
            Output next = line.peek();
            return next instanceof Output.StepDown
                    || next instanceof Output.BecomePrimary
                    || next instanceof Output.Quarantine;
        } finally {
            lock.unlock();
        }
    }

    /** Whether something is in line. */
    boolean hasWork() {
        lock.lock();
        try {
            return !stopped && (!line.isEmpty() || isToBeNoted());
        } finally {
            lock.unlock();
        }
    }

    /** R11: once, when the replica has made up for what its log may have lost. */
    boolean takeCleared() {
        lock.lock();
        try {
            boolean was = cleared;
            cleared = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    /** R11: once, since when the replica learns that was emptied. */
    Optional<RowVersion> takeLearnsSince() {
        lock.lock();
        try {
            boolean was = learns;
            learns = false;
            return was ? learnsSince : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isToBeNoted() {
        return cleared || learns;
    }

    /** Tells apart what replicas made one after the other do. */
    int generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@code next} takes the replica's place; what that one wanted is forgotten.
     *
     * @param nowSuspect what the log says
     */
    void replace(PartitionReplica next, boolean nowSuspect) {
        lock.lock();
        try {
            generation++;
            line.clear();
            replica = next;
            begin(nowSuspect);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is stepped or handed out from now on. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            line.clear();
        } finally {
            lock.unlock();
        }
    }
}
