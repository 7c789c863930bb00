package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * This replica's log as far as its answers have told. Only what an answer said is in {@link #end} and {@link #forced}, and
 * only these may be acknowledged.
 */
final class LocalLog {

    private final List<Output> outputs;
    private final Deque<Asked> asked = new ArrayDeque<>();

    /** Up to the last change of epoch: appends within an epoch leave it alone. */
    private EpochHistory closed;

    private LogEnd end;
    private LogEnd forced;
    private LogEnd expected;
    private Lsn forceWanted;
    private boolean forcing;
    private boolean changing;
    private long askedBytes;
    private long progressNanos;
    private long nowNanos;

    /** An append on its way; a copy knows where it must end. */
    private record Asked(Records records, Optional<RunId> id, Optional<Run> copy) {}

    LocalLog(ReplicaStart start, List<Output> outputs) {
        this.outputs = outputs;
        closed = start.history();
        end = start.end();
        forced = end;
        expected = end;
        forceWanted = Lsn.NONE;
    }

    void now(long nanos) {
        nowNanos = nanos;
    }

    LogEnd end() {
        return end;
    }

    /** Where the log ends once everything asked of it is done, as a follower knows it. */
    LogEnd expected() {
        return expected;
    }

    Lsn forced() {
        return forced.lsn();
    }

    EpochHistory history() {
        return end.equals(closed.end()) ? closed : closed.append(end);
    }

    /** Whether nothing is asked of it that changes where it ends. */
    boolean isQuiet() {
        return asked.isEmpty() && !changing;
    }

    int askedAppends() {
        return asked.size();
    }

    long askedBytes() {
        return askedBytes;
    }

    /** Whether something is asked of it and nothing has come of it for {@code limitNanos}. */
    boolean isStuck(long limitNanos) {
        return (!isQuiet() || forcing) && nowNanos - progressNanos > limitNanos;
    }

    void appendOwn(Epoch epoch, Records records, Optional<RunId> id) {
        ask(new Asked(records, id, Optional.empty()));
        outputs.add(new Output.AppendOwn(epoch, records));
    }

    void appendCopy(Run run) {
        ask(new Asked(run.records(), Optional.empty(), Optional.of(run)));
        expected = run.after();
        outputs.add(new Output.AppendCopy(run));
    }

    /** The first append asked for is in the log, which must now end where it says. */
    Run appended(Input.AppendDone done) {
        Asked first = answered();
        Run run = new Run(end, done.end(), first.records());
        if (first.copy().isPresent() && !first.copy().get().equals(run)) {
            throw new ViolationException(new ProtocolViolation(
                    ProtocolViolation.Kind.HASH_DIFFERS,
                    "appended=" + first.copy().get().after() + ", log ends in " + done.end()));
        }
        if (!done.end().epoch().equals(end.epoch())) {
            closed = history();
        }
        end = done.end();
        if (first.copy().isEmpty()) {
            expected = end;
        }
        if (done.forced()) {
            forced = end;
        }
        return run;
    }

    /** The first append asked for found no room. Copies asked for after it do not follow on the end, and fail as well. */
    Optional<RunId> refused() {
        Asked first = answered();
        if (asked.isEmpty()) {
            expected = end;
        }
        return first.id();
    }

    /** Everything up to {@code lsn} has to be forced; answered by {@link #forced(LogEnd)}. */
    void wantForce(Lsn lsn) {
        if (lsn.compareTo(forceWanted) > 0) {
            forceWanted = lsn;
        }
        if (isQuiet() && !forcing) {
            progressNanos = nowNanos;
        }
        if (!forcing && forceWanted.compareTo(forced.lsn()) > 0) {
            forcing = true;
            outputs.add(new Output.Force());
        }
    }

    void forced(LogEnd upTo) {
        progressNanos = nowNanos;
        forcing = false;
        if (upTo.lsn().compareTo(forced.lsn()) > 0) {
            forced = upTo;
        }
        wantForce(Lsn.NONE);
    }

    void truncate(Lsn to) {
        startChange();
        outputs.add(new Output.Truncate(to));
    }

    void install(LogEnd at) {
        startChange();
        outputs.add(new Output.InstallCheckpoint(at));
    }

    void truncated(LogEnd at) {
        settle(history().truncate(at), at);
    }

    void installed(LogEnd at) {
        settle(EpochHistory.startingAt(at), at);
    }

    void trimmed(LogEnd base) {
        closed = history().trim(base);
    }

    private void settle(EpochHistory history, LogEnd at) {
        changing = false;
        closed = history;
        end = at;
        expected = at;
        forced = at;
        forceWanted = Lsn.NONE;
    }

    private void startChange() {
        if (!isQuiet()) {
            throw new IllegalStateException("The log is busy: asked=" + asked.size() + ", changing=" + changing);
        }
        progressNanos = nowNanos;
        changing = true;
    }

    private void ask(Asked append) {
        if (isQuiet() && !forcing) {
            progressNanos = nowNanos;
        }
        asked.add(append);
        askedBytes += append.records().bytes();
    }

    private Asked answered() {
        progressNanos = nowNanos;
        Asked first = asked.poll();
        if (first == null) {
            throw new IllegalStateException("An append was answered that nobody asked for: end=" + end);
        }
        askedBytes -= first.records().bytes();
        return first;
    }
}
