package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.RowChange;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.SnapshotItem.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs tasks under the lease: starts, ends, and what a hand-over asks of both. */
final class SimRunner {

    private static final long AGAIN_NANOS = 60 * SimSettings.MILLI;

    private final SimProcess process;
    private final SimWorld world;

    /** May start as soon as the lease allows it. */
    private final SortedSet<Long> startable = new TreeSet<>();

    /** Their start is in the log, or on its way; by sequence. */
    private final SortedMap<Long, Integer> granted = new TreeMap<>();

    private final SortedSet<Long> asked = new TreeSet<>();

    /** Attempts under way, by sequence. */
    private final Map<Long, Integer> running = new TreeMap<>();

    private boolean stopsStarts;
    private boolean raising;

    SimRunner(SimProcess process) {
        this.process = process;
        this.world = process.world;
    }

    void wantStart(long sequence) {
        if (process.ledger.isServing()) {
            startable.add(sequence);
        }
    }

    /** Everything unfinished runs again. */
    void recover() {
        process.ledger.ledger().recoverable().forEach(entry -> startable.add(entry.sequence()));
    }

    void stepDown() {
        world.checks.interrupted(process, running);
        startable.clear();
        granted.clear();
        asked.clear();
        running.clear();
        stopsStarts = false;
    }

    void end() {
        stepDown();
    }

    void stopStarts() {
        stopsStarts = true;
        drainedIfSo();
    }

    void resumeStarts() {
        stopsStarts = false;
    }

    private void drainedIfSo() {
        boolean waits = !running.isEmpty() && !world.settings.is(Mutation.HAND_OVER_WITHOUT_DRAIN);
        if (stopsStarts && !waits) {
            process.node.after(0, () -> {
                if (stopsStarts) {
                    process.step(new Input.Drained());
                }
            });
        }
    }

    void tick() {
        startWhatMay();
        raiseCeiling();
    }

    void startWhatMay() {
        if (startable.isEmpty() && granted.isEmpty()) {
            return;
        }
        for (long sequence : new ArrayList<>(startable)) {
            if (mayStart() && startable.remove(sequence)) {
                start(sequence);
            }
        }
        for (Map.Entry<Long, Integer> each : new TreeMap<>(granted).entrySet()) {
            if (mayStart() && granted.remove(each.getKey()) != null) {
                run(each.getKey(), each.getValue());
            }
        }
    }

    private boolean mayStart() {
        return !stopsStarts && process.mayServe();
    }

    private void start(long sequence) {
        TaskEntry entry = process.ledger.ledger().find(sequence);
        if (entry == null || entry.state() != State.UNFINISHED || running.containsKey(sequence)) {
            return;
        }
        if (!entry.logsNextStart()) {
            run(sequence, 1);
        } else if (asked.add(sequence)) {
            process.ledger.command(new Command.StartAttempt(sequence), reply -> {
                asked.remove(sequence);
                if (reply.reply() instanceof Reply.MayStart may) {
                    granted.put(sequence, may.attempt());
                } else if (reply.kind() != SimReply.Kind.ANSWERED && process.ledger.isServing()) {
                    startable.add(sequence);
                }
            });
        }
    }

    private void run(long sequence, int attempt) {
        TaskEntry entry = process.ledger.ledger().find(sequence);
        if (entry == null || entry.state() != State.UNFINISHED) {
            return;
        }
        running.put(sequence, attempt);
        world.checks.runs(process, entry, attempt);
        long startedAtMillis = process.node.clock.wallMillis();
        long runsNanos = (1 + world.random.nextInt(200)) * SimSettings.MILLI;
        process.node.after(runsNanos, () -> ended(sequence, attempt, startedAtMillis));
    }

    private void ended(long sequence, int attempt, long startedAtMillis) {
        Integer current = running.get(sequence);
        if (current == null || current != attempt || process.hasEnded()) {
            return;
        }
        // Another attempt, on another node, would give another value: a result that changes shows.
        byte[] value = (sequence + "/" + attempt + "/" + process).getBytes(StandardCharsets.UTF_8);
        Command end = (sequence + attempt) % 7 == 0
                ? new Command.Fail(
                        sequence, attempt, startedAtMillis, new FailureInfo("Planned", null), new Body.Inline(value))
                : new Command.Complete(sequence, attempt, startedAtMillis, "java", new Body.Inline(value));
        process.ledger.undecided(Mutated.undecided(world.settings.mutation(), process.ledger.ledger(), sequence));
        process.ledger.command(end, reply -> {
            if (reply.kind() == SimReply.Kind.TRY_ELSEWHERE && process.ledger.isServing()) {
                process.node.after(AGAIN_NANOS, () -> ended(sequence, attempt, startedAtMillis));
            } else if (running.remove(sequence, attempt)) {
                world.checks.stoppedRunning(process, sequence);
                drainedIfSo();
            }
        });
    }

    /** Ids are issued below the ceiling of the row only. */
    private void raiseCeiling() {
        PartitionRow row = process.replica.row().orElse(null);
        boolean low = row != null && row.idCeiling() - process.ledger.ledger().nextSequence() < 1_000;
        if (row == null || !low || raising || !process.ledger.isServing() || !row.isPrimary(process.node.id)) {
            return;
        }
        raising = true;
        RowChange change = new RowChange(Mutated.withCeiling(row), process.node.id, process.session, new TreeMap<>());
        world.propose(process.node, new ClusterCommand.ChangeRow(change), answer -> {
            raising = false;
            if (answer.outcome().isPresent() && !process.hasEnded()) {
                process.rowSeen(world.control.state());
            }
        });
    }
}
