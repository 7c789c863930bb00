package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The last runs that the primary appended: everything that is not committed, and committed ones as long as there is room, for
 * followers that are a little behind. Bounded, because no more is appended while the uncommitted ones fill it.
 */
final class AckWindow {

    private final ReplicaLimits limits;

    /** By the LSN before each. */
    private final TreeMap<Lsn, Kept> runs = new TreeMap<>();

    /** Where the first run begins that is not committed whole. */
    private Lsn uncommittedFrom = Lsn.NONE;

    private long bytes;

    /** Of all that was ever added. */
    private long addedBytes;

    private int uncommittedRuns;
    private long uncommittedBytes;

    /**
     * A run.
     *
     * @param from how many bytes had been added before it
     */
    private record Kept(Run run, long from) {

        long bytes() {
            return run.records().bytes();
        }
    }

    AckWindow(ReplicaLimits limits) {
        this.limits = limits;
    }

    /** Whether {@code askedRuns} of {@code askedBytes}, on their way to the log, leave no room for another run. */
    boolean isFull(int askedRuns, long askedBytes) {
        return uncommittedRuns + askedRuns >= limits.windowRuns()
                || uncommittedBytes + askedBytes >= limits.windowBytes();
    }

    void add(Run run) {
        runs.put(run.before().lsn(), new Kept(run, addedBytes));
        bytes += run.records().bytes();
        addedBytes += run.records().bytes();
        uncommittedRuns++;
        uncommittedBytes += run.records().bytes();
        shrink();
    }

    void committed(Lsn committed) {
        for (Kept each : runs.tailMap(uncommittedFrom, true).values()) {
            if (each.run().after().lsn().compareTo(committed) > 0) {
                break;
            }
            uncommittedFrom = each.run().after().lsn();
            uncommittedRuns--;
            uncommittedBytes -= each.bytes();
        }
        shrink();
    }

    /** The run that begins at {@code place}, if it is still here. */
    Optional<Run> after(LogEnd place) {
        return Optional.ofNullable(runs.get(place.lsn())).map(Kept::run);
    }

    /** How much follows on {@code place}, if a run that is still here begins there; else 0. */
    long bytesAfter(LogEnd place) {
        Kept next = runs.get(place.lsn());
        return next == null ? 0 : addedBytes - next.from();
    }

    private void shrink() {
        while (runs.size() > uncommittedRuns && (runs.size() > limits.windowRuns() || bytes > limits.windowBytes())) {
            bytes -= runs.pollFirstEntry().getValue().bytes();
        }
    }
}
