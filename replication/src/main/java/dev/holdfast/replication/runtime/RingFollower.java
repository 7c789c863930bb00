package dev.holdfast.replication.runtime;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.List;

/**
 * Gives the ring what is committed, from the log, as long as nobody else applies what is appended here (R2). Under the
 * shell's lock, but for {@link #committed}.
 */
final class RingFollower {

    private final ShellContext context;
    private volatile Lsn committed;
    private Lsn applied;
    private boolean stopped;
    private boolean grew;
    private final AppendedCopies appended = new AppendedCopies();

    RingFollower(ShellContext context) {
        this.context = context;
        this.committed = checkpointOf(context);
        this.applied = committed;
    }

    /** What a start may take for committed. */
    static Lsn checkpointOf(ShellContext context) {
        return context.log().checkpointEnd().map(end -> end.lsn()).orElse(Lsn.NONE);
    }

    Lsn committed() {
        return committed;
    }

    void advance(Lsn to) {
        if (to.compareTo(committed) > 0) {
            committed = to;
            grew = true;
        }
        if (!stopped && committed.compareTo(applied) > 0) {
            ReplayHandler ring = context.listener().ring();
            applied = appended.apply(applied, committed, ring);
            if (committed.compareTo(applied) > 0) {
                context.log().replay(applied, committed, ring);
                applied = committed;
            }
        }
    }

    /** The log has taken {@code run}, as {@code records}. */
    void appended(ReplicatedRun run, List<LogRecord.Replicated> records) {
        appended.add(run, records);
    }

    /** The log is about to be another. */
    void forgetAppended() {
        appended.clear();
    }

    /** Whether the commit advanced since the last call. */
    boolean commitIsKnown() {
        boolean known = grew;
        grew = false;
        return known;
    }

    /** From now on who appends applies. */
    void stop() {
        appended.clear();
        stopped = true;
    }

    /** Who appended has applied what it had up to {@code end}; the rest of what is committed follows from the log. */
    void goOn(Lsn end) {
        if (stopped) {
            applied = end;
        }
        stopped = false;
    }

    /** The ring to be made from a checkpoint that ends at {@code at}. */
    ReplayHandler replacedAt(Lsn at) {
        return new ReplayHandler() {
            private boolean begun;

            @Override
            public void onSnapshot(SnapshotItem item) {
                if (!begun) {
                    begun = true;
                    context.listener().ringReplaced();
                    applied = at;
                    committed = at.compareTo(committed) > 0 ? at : committed;
                }
                context.listener().ring().onSnapshot(item);
            }

            @Override
            public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
                context.listener().ring().onRecord(lsn, epoch, replicated);
            }
        };
    }
}
