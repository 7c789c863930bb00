package dev.holdfast.testkit;

import dev.holdfast.HoldfastInstance;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;

/** A member of a test's cluster, wherever it runs. The cluster calls one at a time, but for {@link #begin}. */
interface ClusterMember {

    /** Blocks until it is a member; an interrupt ends that. */
    void begin();

    /** @throws UnsupportedOperationException it runs in a process of its own */
    HoldfastInstance instance();

    /** Without grace; of one that does not run nothing happens. */
    void kill();

    /** In order. */
    void stop();

    /** Stops it where it is. */
    void pause();

    void resume();

    /** Gives up its membership, and stops in order; false if nobody can take over what it holds. */
    boolean leave(Duration atMost);

    /**
     * Why it is not healthy, if those of {@code expected} are what it should see; empty if it is.
     *
     * @param atMost how long it may take to say so
     */
    List<String> problems(SortedSet<String> expected, Duration atMost);

    /** What it knows of who leads a partition. */
    Lead leadOf(int partition);

    /**
     * What a member knows of who leads a partition.
     *
     * @param name of the one that does; empty while nobody does, or this one's lease is out
     * @param epoch of the partition; of two that differ, the one with the greater knows better
     */
    record Lead(String name, long epoch) {}

    /** The clock of what is stored may have been set forward. */
    void clockMoved();

    /** There is a member more. */
    void routesChanged();
}
