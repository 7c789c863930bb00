package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What happened, in the order in which it was said, over all lives of a node; kept outside of it. Thread-safe. */
public final class History {

    private final List<HistoryEvent> events = new ArrayList<>();
    private int life;

    /** Nothing has happened. */
    public History() {}

    /** The node is about to be started again: later events belong to its next life. */
    public synchronized void nextLife() {
        life++;
    }

    /**
     * Adds an event.
     *
     * @param line see {@link HistoryEvent#parse}
     */
    public synchronized void add(String line) {
        events.add(HistoryEvent.parse(new HistoryEvent.Place(life, events.size()), line));
    }

    /**
     * The life that the node is in.
     *
     * @return from 0
     */
    public synchronized int life() {
        return life;
    }

    /**
     * The events of some lives, where they stand; the last of these is its life.
     *
     * @param firstLife from 0
     * @param lastLife included
     * @return a copy
     */
    public synchronized History ofLives(int firstLife, int lastLife) {
        History part = new History();
        part.life = lastLife;
        events.stream()
                .filter(event ->
                        event.place().life() >= firstLife && event.place().life() <= lastLife)
                .forEach(part.events::add);
        return part;
    }

    /**
     * All events, in order.
     *
     * @return a copy
     */
    public synchronized List<HistoryEvent> events() {
        return List.copyOf(events);
    }

    /**
     * The events of one kind, in order.
     *
     * @param <E> the kind
     * @param kind the kind
     * @return those that there are now
     */
    public <E extends HistoryEvent> Stream<E> all(Class<E> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast);
    }
}
