package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A ledger with a clock that the test moves, a log that is a list, and a commit at once unless the test says otherwise. */
final class Ledger {

    static final String EXECUTOR = "exec";
    static final ExecutorLimits LIMITS =
            new ExecutorLimits(100, 100, 100, 1_000_000, TaskSpec.NO_TTL, false, 1_000, 1_000, 86_400_000);

    final Events events = new Events();
    final List<LogRecord.Replicated> log = new ArrayList<>();
    final TaskLedger ledger;
    long now = 1_000;
    long epoch;

    Ledger() {
        this(LIMITS);
    }

    Ledger(ExecutorLimits limits) {
        this(name -> limits);
    }

    Ledger(Function<String, ExecutorLimits> limits) {
        ledger = new TaskLedger(new PartitionId(3), limits, events);
        ledger.allowSequencesUpTo(1L << 40);
    }

    /** A ledger that has read {@code log}. */
    static Ledger replayed(ExecutorLimits limits, List<LogRecord.Replicated> log) {
        Ledger replayed = new Ledger(limits);
        log.forEach(record -> replayed.ledger.replay().onRecord(Lsn.NONE, Epoch.NONE, record));
        replayed.log.addAll(log);
        return replayed;
    }

    Reply run(Command command) {
        Decision decision = ledger.decide(command, now);
        decision.records().forEach(this::commit);
        return decision.reply();
    }

    /** Decides only: what was decided stays in flight until {@link #commit}. */
    Decision decide(Command command) {
        return ledger.decide(command, now);
    }

    void commit(LogRecord.Replicated record) {
        log.add(record);
        ledger.apply(record);
    }

    void commit(Decision decision) {
        decision.records().forEach(this::commit);
    }

    Reply start(EpochCause cause) {
        return run(startEpoch(cause, ledger.nextSequence(), Optional.empty()));
    }

    Command.StartEpoch startEpoch(EpochCause cause, long nextSequence, Optional<SequenceRange> lost) {
        return new Command.StartEpoch(++epoch, epoch, cause, nextSequence, lost);
    }

    /** Stores a task and returns its sequence. */
    long submit() {
        return stored(run(new Command.Submit(EXECUTOR, spec(), bytes(8))));
    }

    long submit(TaskSpec spec) {
        return stored(run(new Command.Submit(EXECUTOR, spec, bytes(8))));
    }

    Reply trySubmit() {
        return run(new Command.Submit(EXECUTOR, spec(), bytes(8)));
    }

    static long stored(Reply reply) {
        return ((Reply.Stored) reply).sequence();
    }

    Reply complete(long sequence, int attempt) {
        return complete(sequence, attempt, 4);
    }

    Reply complete(long sequence, int attempt, int bytes) {
        return run(completion(sequence, attempt, bytes));
    }

    static Command.Complete completion(long sequence, int attempt, int bytes) {
        return new Command.Complete(sequence, attempt, 900, "java", bytes(bytes));
    }

    Reply fail(long sequence, int attempt) {
        return run(new Command.Fail(sequence, attempt, 900, new FailureInfo("java.lang.Error", "no"), bytes(5)));
    }

    /** Stores and completes a task. */
    long completed() {
        long sequence = submit();
        complete(sequence, 1);
        return sequence;
    }

    long parked() {
        long sequence = submit();
        run(new Command.Park(sequence, 1, "class missing"));
        return sequence;
    }

    Reply startAttempt(long sequence) {
        return run(new Command.StartAttempt(sequence));
    }

    Reply dispose(long sequence) {
        return run(new Command.Dispose(EXECUTOR, sequence));
    }

    Reply cancel(long sequence) {
        return run(new Command.Cancel(EXECUTOR, sequence));
    }

    Reply retry(long sequence) {
        return run(new Command.Retry(EXECUTOR, sequence, null, true));
    }

    Reply discard(long sequence) {
        return run(new Command.Discard(EXECUTOR, sequence));
    }

    Reply operate(Command.Operation operation, long number) {
        return run(new Command.Operate(EXECUTOR, operation, number));
    }

    TaskEntry entry(long sequence) {
        TaskEntry entry = ledger.find(sequence);
        if (entry == null) {
            throw new AssertionError("No task: sequence=" + sequence);
        }
        return entry;
    }

    Reply.Staleness staleness(long sequence) {
        if (ledger.find(sequence) != null) {
            throw new AssertionError("Still there: sequence=" + sequence);
        }
        return ledger.staleness(EXECUTOR, sequence);
    }

    ExecutorState executor() {
        ExecutorState state = ledger.executor(EXECUTOR);
        if (state == null) {
            throw new AssertionError("No executor");
        }
        return state;
    }

    static Body bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return new Body.Inline(bytes);
    }

    static TaskSpec spec() {
        return spec(null, 3, TaskSpec.NO_TTL, true);
    }

    static TaskSpec spec(@Nullable String idempotencyKey, int maxCrashes, long resultTtlMillis, boolean keepResult) {
        return new TaskSpec(
                "java", "com.acme.Task", null, null, null, idempotencyKey, maxCrashes, resultTtlMillis, keepResult);
    }

    /** What the listener was told, one line each. */
    static final class Events implements RingListener {
        final List<String> lines = new ArrayList<>();
        final List<TaskEntry> ended = new ArrayList<>();

        List<String> take() {
            List<String> taken = List.copyOf(lines);
            lines.clear();
            return taken;
        }

        @Override
        public void onSubmitted(TaskEntry entry) {
            lines.add("submitted " + entry.sequence());
        }

        @Override
        public void onRunnable(TaskEntry entry) {
            lines.add("runnable " + entry.sequence());
        }

        @Override
        public void onEnded(TaskEntry entry) {
            lines.add("ended " + entry.sequence() + " " + entry.state());
            ended.add(entry);
        }

        @Override
        public void onCancelled(TaskEntry entry) {
            lines.add("cancelled " + entry.sequence());
        }

        @Override
        public void onHeld(TaskEntry entry) {
            lines.add("held " + entry.sequence() + " " + entry.state());
        }

        @Override
        public void onRemoved(TaskEntry entry, Reply.Staleness why) {
            lines.add("removed " + entry.sequence() + " " + why);
        }

        @Override
        public void onExecutorChanged(String executor, boolean shutdown, boolean paused) {
            lines.add("executor " + executor + " shutdown=" + shutdown + " paused=" + paused);
        }
    }
}
