package dev.holdfast.node.execution;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Workers without work, the last to come first: its caches are warm, and the others time out. Thread-safe. */
final class IdleWorkers {

    private final ArrayDeque<Worker> stack = new ArrayDeque<>();
    /** May be read without the lock, as a hint. */
    private volatile int count;

    synchronized void push(Worker worker) {
        stack.push(worker);
        count = stack.size();
    }

    /** One that is to be woken, or null. */
    @Nullable
    synchronized Worker pop() {
        Worker worker = stack.poll();
        count = stack.size();
        return worker;
    }

    /** False if somebody has popped it and is about to wake it. */
    synchronized boolean remove(Worker worker) {
        boolean removed = stack.remove(worker);
        count = stack.size();
        return removed;
    }

    boolean isEmpty() {
        return count == 0;
    }
}
