package dev.holdfast.testkit.sim;

import java.util.PriorityQueue;

/** The one queue of events, and the time that they make pass. Two events of one instant happen in the order of asking. */
final class Timeline {

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos;
    private long asked;
    private long happened;

    long nowNanos() {
        return nowNanos;
    }

    /** Events that have happened. */
    long happened() {
        return happened;
    }

    void after(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, delayNanos), asked++, action));
    }

    /** Lets the next event happen, if there is one up to {@code untilNanos}. */
    boolean step(long untilNanos) {
        Event next = events.peek();
        if (next == null || next.atNanos > untilNanos) {
            nowNanos = Math.max(nowNanos, untilNanos);
            return false;
        }
        events.remove();
        nowNanos = next.atNanos;
        happened++;
        next.action.run();
        return true;
    }
}
