package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.LogEnd;
import java.util.ArrayList;
import java.util.List;

/** Where each epoch ends in a log, from where the log begins. Any thread. */
final class EpochEnds {

    /** Where the log begins, then the end of every epoch but the current one. */
    private final List<LogEnd> closed = new ArrayList<>();

    private LogEnd end = LogEnd.EMPTY;

    EpochEnds() {
        begin(LogEnd.EMPTY);
    }

    /** Of a log that is empty behind {@code base}. */
    synchronized void begin(LogEnd base) {
        closed.clear();
        closed.add(base);
        end = base;
    }

    /** The log ends in {@code newEnd}; what was added since the last call is of its epoch. */
    synchronized void appended(LogEnd newEnd) {
        if (!newEnd.epoch().equals(end.epoch()) && !end.equals(closed.get(0))) {
            closed.add(end);
        }
        end = newEnd;
    }

    synchronized void truncated(LogEnd newEnd) {
        closed.subList(1, closed.size()).removeIf(each -> each.lsn().compareTo(newEnd.lsn()) >= 0);
        end = newEnd;
    }

    /** What is before {@code base} has left the log. */
    synchronized void trim(LogEnd base) {
        closed.removeIf(each -> each.lsn().compareTo(base.lsn()) <= 0);
        closed.add(0, base);
    }

    synchronized List<LogEnd> entries() {
        List<LogEnd> entries = new ArrayList<>(closed);
        if (end.lsn().compareTo(closed.get(0).lsn()) > 0) {
            entries.add(end);
        }
        return entries;
    }
}
