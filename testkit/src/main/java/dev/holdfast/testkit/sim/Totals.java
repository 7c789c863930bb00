package dev.holdfast.testkit.sim;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What happened how often: a simulation in which nothing happens proves nothing. */
public final class Totals {

    /** What is counted. */
    public enum Count {
        /** Events of the queue. */
        EVENTS,
        /** Operations that clients began. */
        OPERATIONS,
        /** Faults that changed what happened. */
        FAULTS,
        /** Submits that were acknowledged. */
        ACKNOWLEDGED,
        /** Records committed. */
        COMMITS,
        /** A replica took over from a primary that was silent or gone, or from its own earlier session. */
        FAILOVERS,
        /** A replica removed records that were not its primary's. */
        TRUNCATIONS,
        /** A replica was streamed what had left its primary's window. */
        CATCH_UPS,
        /** A replica installed a checkpoint. */
        CHECKPOINTS,
        /** A submit was answered with the id of an earlier one. */
        DUPLICATES,
        /** A submit that came again was answered as the first time, by its request. */
        REPEATS,
        /** A planned change of primary. */
        HAND_OVERS,
        /** A member left in-sync. */
        SHRINKS,
        /** A learner came into sync. */
        EXPANDS,
        /** A proposal or an operation whose outcome nobody knew. */
        INDETERMINATE,
        /** A machine lost power, with what it had not forced. */
        POWER_LOSSES,
        /** A start found whole records behind a hole, where its log ends. */
        HOLES,
        /** A damaged log was set aside. */
        DAMAGED_LOGS,
        /** A disk was put back to an older copy. */
        STALE_DISKS,
        /** An operator accepted a loss. */
        RECOVERIES,
        /** Records that were committed and are lost. */
        LOST,
        /** Tasks that were started. */
        STARTS,
        /** Results that clients read. */
        RESULTS
    }

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private final SortedMap<String, Long> faults = new TreeMap<>();

    /** Nothing has happened. */
    public Totals() {}

    void add(Count what) {
        add(what, 1);
    }

    void fault(String kind) {
        add(Count.FAULTS);
        faults.merge(kind, 1L, Long::sum);
    }

    void add(Count what, long times) {
        counts.merge(what, times, Long::sum);
    }

    /**
     * Adds what another run counted.
     *
     * @param other of a run
     */
    public void add(Totals other) {
        other.counts.forEach(this::add);
        other.faults.forEach((kind, times) -> faults.merge(kind, times, Long::sum));
    }

    /**
     * How often a fault of each kind changed what happened.
     *
     * @return by kind, those that never did left out
     */
    public SortedMap<String, Long> faults() {
        return Collections.unmodifiableSortedMap(faults);
    }

    /**
     * How often something happened.
     *
     * @param what is counted
     * @return 0 or more
     */
    public long of(Count what) {
        return counts.getOrDefault(what, 0L);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Count each : Count.values()) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(each.name().toLowerCase(java.util.Locale.ROOT))
                    .append('=')
                    .append(of(each));
        }
        return text.append(", by kind=").append(faults).toString();
    }
}
