package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What happened, in the order in which it was said, over all lives of a node; kept outside of it. Thread-safe. */
public final class History {

    private final List<HistoryEvent> events = new ArrayList<>();
    private int life;

    /** The node is about to be started again: later events belong to its next life. */
    public synchronized void nextLife() {
        life++;
    }

    /** Adds the event that {@code line} states. */
    public synchronized void add(String line) {
        events.add(HistoryEvent.parse(new HistoryEvent.Place(life, events.size()), line));
    }

    public synchronized int life() {
        return life;
    }

    public synchronized List<HistoryEvent> events() {
        return List.copyOf(events);
    }

    /** The events of one kind, in order. */
    public <E extends HistoryEvent> Stream<E> all(Class<E> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast);
    }
}
