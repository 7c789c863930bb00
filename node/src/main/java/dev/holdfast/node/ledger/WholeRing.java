package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import java.util.List;

/** Commands about a whole executor, or about the whole partition. */
final class WholeRing {

    private WholeRing() {}

    static Reply operate(Turn turn, Command.Operate operate) {
        String name = operate.executor();
        long number = operate.number();
        PendingExecutor executor = turn.state().executor(name);
        if (number <= executor.operation()) {
            return new Reply.Done(false);
        }
        long now = turn.nowMillis();
        boolean wasShutdown = executor.shutdown();
        boolean wasPaused = executor.paused();
        // Logged also where nothing changes: the number is what an operation that comes late is held against.
        return switch (operate.operation()) {
            case SHUTDOWN -> done(turn, new LogRecord.ExecutorShutdown(name, number, now), !wasShutdown);
            case REOPEN -> done(turn, new LogRecord.ExecutorReopened(name, number, now), wasShutdown);
            case PAUSE -> done(turn, new LogRecord.ExecutorPaused(name, number, now), !wasPaused);
            case RESUME -> done(turn, new LogRecord.ExecutorResumed(name, number, now), wasPaused);
            case DESTROY -> done(turn, new LogRecord.ExecutorDestroyed(name, number, now), true);
        };
    }

    private static Reply done(Turn turn, LogRecord.Replicated record, boolean changed) {
        turn.log(record);
        return new Reply.Done(changed);
    }

    static Reply startEpoch(Turn turn, Command.StartEpoch start) {
        long now = turn.nowMillis();
        long next = start.isForAll() && start.lost().isEmpty() ? start.nextSequence() : 0;
        turn.log(new LogRecord.EpochStarted(new Epoch(start.epoch()), start.session(), start.cause(), next, now));
        start.lost().ifPresent(range -> turn.log(new LogRecord.SequencesLost(range, now)));
        if (start.cause() == LogRecord.EpochCause.VISIT) {
            return new Reply.Done(true);
        }
        List<StoredEntry> crashedTooOften = turn.state()
                .unfinished()
                .filter(task -> task.crashes() >= task.spec().maxCrashes())
                .sorted((a, b) -> Long.compare(a.sequence(), b.sequence()))
                .toList();
        crashedTooOften.forEach(task -> turn.log(new LogRecord.Quarantined(task.sequence(), task.crashes(), now)));
        return new Reply.Done(true);
    }
}
