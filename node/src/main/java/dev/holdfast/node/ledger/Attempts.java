package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord;
import org.jspecify.annotations.Nullable;

/** Starts and ends of attempts. Only the task's current attempt counts; of two that end, the first decided. */
final class Attempts {

    private Attempts() {}

    static Reply start(Turn turn, Command.StartAttempt start) {
        StoredEntry task = turn.state().find(start.sequence());
        if (task == null || !task.isUnfinished() || task.attemptOpen()) {
            return new Reply.Dropped();
        }
        int attempt = task.logsNextStart() ? task.attempt() + 1 : task.attemptThatMayHaveRun() + 1;
        turn.log(new LogRecord.AttemptStarted(start.sequence(), attempt, turn.nowMillis()));
        return new Reply.MayStart(attempt);
    }

    static Reply complete(Turn turn, Command.Complete complete) {
        StoredEntry task = current(turn, complete, complete.attempt());
        if (task == null) {
            return new Reply.Dropped();
        }
        turn.log(new LogRecord.Completed(
                complete.sequence(),
                complete.attempt(),
                complete.startedAtMillis(),
                turn.nowMillis(),
                complete.codec(),
                task.spec().keepResult() ? complete.result() : null));
        Retention.makeRoom(turn, task.executor(), complete.sequence());
        return new Reply.Done(true);
    }

    static Reply fail(Turn turn, Command.Fail fail) {
        StoredEntry task = current(turn, fail, fail.attempt());
        if (task == null) {
            return new Reply.Dropped();
        }
        turn.log(new LogRecord.Failed(
                fail.sequence(),
                fail.attempt(),
                fail.startedAtMillis(),
                turn.nowMillis(),
                fail.info(),
                fail.failure()));
        Retention.makeRoom(turn, task.executor(), fail.sequence());
        return new Reply.Done(true);
    }

    static Reply abandon(Turn turn, Command.Abandon abandon) {
        if (current(turn, abandon, abandon.attempt()) == null) {
            return new Reply.Dropped();
        }
        turn.log(new LogRecord.AttemptAbandoned(abandon.sequence(), abandon.attempt(), turn.nowMillis()));
        return new Reply.Done(true);
    }

    static Reply park(Turn turn, Command.Park park) {
        if (current(turn, park, park.attempt()) == null) {
            return new Reply.Dropped();
        }
        turn.log(new LogRecord.Parked(park.sequence(), park.reason(), turn.nowMillis()));
        return new Reply.Done(true);
    }

    /** The task if {@code attempt} is its current one. */
    private static @Nullable StoredEntry current(Turn turn, Command.OfTask command, int attempt) {
        StoredEntry task = turn.state().find(command.sequence());
        return task != null && attempt > 0 && task.currentAttempt() == attempt ? task : null;
    }
}
