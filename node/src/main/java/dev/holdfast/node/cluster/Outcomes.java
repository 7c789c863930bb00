package dev.holdfast.node.cluster;

import dev.holdfast.node.partition.Undecided;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds out what became of what this node had appended when it was deposed: the next primary either has it, and then it gets
 * committed here too, or this log loses it. Nobody needs to be asked, so no answer can be lost. Thread-safe.
 */
final class Outcomes implements AutoCloseable {

    /** Of a node that stays cut off nobody knows whether it will ever hear: then who asked has to look for himself. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Open(Undecided undecided, long sinceNanos) {}

    private enum Verdict {
        COMMITTED,
        DROPPED,
        UNKNOWN,
        NOT_YET
    }

    private final ReplicatedLog log;
    private final Supplier<Lsn> committed;
    private final Consumer<Runnable> later;
    private final Executor tellers;
    private final LongSupplier nanoClock;
    private final List<Open> open = new ArrayList<>();
    private boolean closed;

    /**
     * @param committed what this replica knows to be committed
     * @param later runs what it is given after a short while, on a thread that may tell callers; drops it once the node closes
     * @param tellers tell callers, soon and in any case
     * @param nanoClock as {@link System#nanoTime}
     */
    Outcomes(
            ReplicatedLog log,
            Supplier<Lsn> committed,
            Consumer<Runnable> later,
            Executor tellers,
            LongSupplier nanoClock) {
        this.log = log;
        this.committed = committed;
        this.later = later;
        this.tellers = tellers;
        this.nanoClock = nanoClock;
    }

    /** By who holds the partition: nobody is told here. One may come after the end, of who was appending then. */
    void add(Undecided undecided) {
        boolean first;
        boolean tooLate;
        synchronized (this) {
            tooLate = closed;
            first = !tooLate && open.isEmpty();
            if (!tooLate) {
                open.add(new Open(undecided, nanoClock.getAsLong()));
            }
        }
        if (tooLate) {
            tellers.execute(undecided::unknown);
        } else if (first) {
            later.accept(this::look);
        }
    }

    private void look() {
        List<Runnable> told = new ArrayList<>();
        boolean more;
        synchronized (this) {
            long nowNanos = nanoClock.getAsLong();
            for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
                Open next = each.next();
                Verdict verdict = verdict(next.undecided().end());
                if (verdict != Verdict.NOT_YET || nowNanos - next.sinceNanos() >= PATIENCE.toNanos()) {
                    each.remove();
                    told.add(() -> tell(next.undecided(), verdict));
                }
            }
            more = !open.isEmpty();
        }
        told.forEach(Runnable::run);
        if (more) {
            later.accept(this::look);
        }
    }

    private static void tell(Undecided undecided, Verdict verdict) {
        switch (verdict) {
            case COMMITTED -> undecided.committed();
            case DROPPED -> undecided.dropped();
            case UNKNOWN, NOT_YET -> undecided.unknown();
        }
    }

    /**
     * What is committed is final, so it decides: the record itself, or one of a later epoch in front of where it was. That
     * this log has lost it proves nothing yet, for the primary that made it do so may fall before it commits anything.
     */
    private Verdict verdict(LogEnd appended) {
        Lsn known = committed.get();
        List<LogEnd> ends = log.epochEnds();
        LogEnd begin = ends.get(0);
        Lsn ofItsEpoch = begin.lsn();
        for (LogEnd end : ends) {
            if (end.epoch().compareTo(appended.epoch()) <= 0) {
                ofItsEpoch = end.lsn();
            }
        }
        if (ofItsEpoch.compareTo(appended.lsn()) >= 0) {
            boolean isTold =
                    begin.lsn().compareTo(appended.lsn()) < 0 || begin.epoch().equals(appended.epoch());
            if (!isTold) {
                return Verdict.UNKNOWN; // a checkpoint has taken its place, and tells its last epoch only
            }
            return known.compareTo(appended.lsn()) >= 0 ? Verdict.COMMITTED : Verdict.NOT_YET;
        }
        if (begin.lsn().compareTo(appended.lsn()) >= 0) {
            return Verdict.UNKNOWN;
        }
        return known.compareTo(ofItsEpoch) > 0 ? Verdict.DROPPED : Verdict.NOT_YET;
    }

    /** Tells all that are left, and who comes later, that nobody here will know. */
    @Override
    public void close() {
        List<Open> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(open);
            open.clear();
        }
        left.forEach(each -> each.undecided().unknown());
    }
}
