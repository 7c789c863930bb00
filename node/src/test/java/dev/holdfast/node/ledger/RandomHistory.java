package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Commands as they could come, wrong and late ones included, drawn from what a ledger that has seen all earlier ones holds.
 * Small limits, so that all of them are met.
 */
final class RandomHistory {

    private static final List<String> EXECUTORS = List.of("evicts", "rejects", "expires", "small");

    private final SplittableRandom random;
    private final RandomCallers callers;
    private final TaskLedger reference;
    private final int tombstones;
    private long now = 10_000;
    private long epoch = 1;
    private long operation;

    RandomHistory(SplittableRandom random, int tombstones) {
        this.random = random;
        this.tombstones = tombstones;
        this.callers = new RandomCallers(random);
        this.reference = newLedger();
        reference.allowSequencesUpTo(1L << 40);
    }

    /** An empty ledger with the limits of this history. */
    TaskLedger newLedger() {
        return new TaskLedger(new PartitionId(1), this::limits, RandomCallers.LIMITS, RingListener.NONE);
    }

    ExecutorLimits limits(String executor) {
        return switch (executor) {
            case "evicts" -> new ExecutorLimits(6, 2, 4, 300, TaskSpec.NO_TTL, false, tombstones, 5, 600);
            case "rejects" -> new ExecutorLimits(9, 2, 10, 500, TaskSpec.NO_TTL, true, tombstones, 3, 900);
            case "expires" -> new ExecutorLimits(20, 3, 100, 10_000, 400, false, tombstones, 100, 300);
            default -> new ExecutorLimits(3, 1, 1, 50, 2_000, false, tombstones, 1, 10_000);
        };
    }

    /** The ledger that has seen every command so far, each committed at once. */
    TaskLedger reference() {
        return reference;
    }

    long now() {
        return now;
    }

    /** The next command, at {@link #now}. */
    Command next() {
        moveClock();
        int kind = random.nextInt(100);
        if (kind < 27) {
            return callers.call(submit());
        }
        if (kind < 36) {
            return callers.again(random.nextInt(3) == 0 ? submit() : byUser());
        }
        if (kind < 60) {
            return attempt();
        }
        if (kind < 88) {
            return callers.call(byUser());
        }
        if (kind < 94) {
            return new Command.Sweep();
        }
        return kind < 98 ? operate() : startEpoch();
    }

    private void moveClock() {
        int kind = random.nextInt(50);
        if (kind == 0) {
            now -= random.nextInt(500);
        } else if (kind < 25) {
            now += random.nextInt(60);
        }
    }

    private String executor() {
        return EXECUTORS.get(random.nextInt(EXECUTORS.size()));
    }

    private Command.Repeatable submit() {
        String key = random.nextInt(3) == 0 ? "key-" + random.nextInt(8) : null;
        long ttl = random.nextInt(4) == 0 ? random.nextInt(800) : TaskSpec.NO_TTL;
        TaskSpec spec = Ledger.spec(key, 1 + random.nextInt(2), ttl, random.nextInt(6) != 0);
        return new Command.Submit(executor(), spec, Ledger.bytes(random.nextInt(20)));
    }

    /** Of something that is there, mostly; else of anything, also of what was never issued. */
    private long sequence() {
        List<TaskEntry> entries = reference.entries().toList();
        if (!entries.isEmpty() && random.nextInt(6) != 0) {
            return entries.get(random.nextInt(entries.size())).sequence();
        }
        return random.nextLong(reference.nextSequence() + 2);
    }

    private Command attempt() {
        long sequence = sequence();
        StoredEntry entry = (StoredEntry) reference.find(sequence);
        int attempt = entry == null || random.nextInt(12) == 0 ? random.nextInt(4) : entry.currentAttempt();
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Command.StartAttempt(sequence);
            case 2 ->
                new Command.Fail(
                        sequence, attempt, now - 5, new FailureInfo("E", null), Ledger.bytes(random.nextInt(60)));
            case 3 -> new Command.Abandon(sequence, attempt);
            case 4 -> new Command.Park(sequence, attempt, "class changed");
            default -> Ledger.completion(sequence, attempt, random.nextInt(120));
        };
    }

    private Command.Repeatable byUser() {
        long sequence = sequence();
        TaskEntry entry = reference.find(sequence);
        String executor = entry == null || random.nextInt(12) == 0 ? executor() : entry.executor();
        return switch (random.nextInt(7)) {
            case 0 -> new Command.Cancel(executor, sequence);
            case 1 -> new Command.Dispose(executor, sequence);
            case 2, 3 -> new Command.RetrieveAndDispose(executor, sequence);
            case 4 -> new Command.Discard(executor, sequence);
            default ->
                new Command.Retry(
                        executor, sequence, random.nextBoolean() ? "fingerprint" : null, random.nextBoolean());
        };
    }

    private Command operate() {
        int kind = random.nextInt(12);
        Command.Operation what = kind == 0
                ? Command.Operation.DESTROY
                : kind < 4
                        ? Command.Operation.REOPEN
                        : kind < 6
                                ? Command.Operation.SHUTDOWN
                                : kind < 9 ? Command.Operation.PAUSE : Command.Operation.RESUME;
        long number = random.nextInt(4) == 0 ? random.nextLong(operation + 1) : ++operation;
        return new Command.Operate(executor(), what, number);
    }

    Command.StartEpoch startEpoch() {
        long next = reference.nextSequence() + (random.nextBoolean() ? random.nextInt(5) : 0);
        Optional<SequenceRange> lost = random.nextInt(3) == 0
                ? Optional.of(new SequenceRange(reference.nextSequence(), next + 1))
                : Optional.empty();
        EpochCause cause = EpochCause.values()[1 + random.nextInt(EpochCause.values().length - 1)];
        epoch++;
        return new Command.StartEpoch(epoch, epoch, cause, next + 1, lost);
    }
}
