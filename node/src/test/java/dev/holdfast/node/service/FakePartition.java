package dev.holdfast.node.service;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Decision;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.ExecutorState;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.RingListener;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.node.partition.Execution;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A partition in memory: the real ledger, committed at once, replies on the caller's thread unless they are held back. */
final class FakePartition implements PartitionAccess {

    private final PartitionId id;
    private final Execution execution;
    private final TaskLedger ledger;
    private final Map<Long, List<Consumer<Reply>>> waiters = new ConcurrentHashMap<>();
    private final List<Runnable> heldReplies = new ArrayList<>();
    private final List<Command> posted = new ArrayList<>();
    private final List<Runnable> notices = new ArrayList<>();

    volatile @Nullable String problem;

    /** Nobody leads it. */
    volatile boolean leaderless;

    /** What happens while somebody waits for a leader. */
    volatile Runnable onWait = () -> {};

    /** What happens before a command is looked at. */
    volatile Consumer<Command> beforePost = command -> {};

    /** What nobody takes, because nobody leads it. */
    volatile Predicate<Command> untaken = command -> false;

    volatile boolean remote;
    volatile boolean holdReplies;
    volatile boolean inboxFull;
    volatile int maxWaiters = Integer.MAX_VALUE;

    FakePartition(int id, int capacity, Execution execution) {
        this.execution = execution;
        this.id = new PartitionId(id);
        ExecutorLimits limits =
                new ExecutorLimits(capacity, 100, 1000, 1 << 20, TaskSpec.NO_TTL, false, 1000, 1000, 86_400_000);
        this.ledger = new TaskLedger(this.id, name -> limits, new Listener());
        ledger.allowSequencesUpTo(1_000_000);
    }

    List<Command> posted() {
        return posted;
    }

    @Override
    public PartitionId id() {
        return id;
    }

    @Override
    public boolean isLocal() {
        return !remote;
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public boolean post(Command command, Consumer<Reply> onReply) {
        List<Runnable> toTell;
        Reply reply;
        beforePost.accept(command);
        if (untaken.test(command)) {
            onReply.accept(new Reply.Refused(Reply.Refusal.NO_OWNER, "Nobody leads it: partition=" + id));
            return true;
        }
        synchronized (this) {
            if (problem != null || (inboxFull && command instanceof Command.Submit)) {
                return false;
            }
            posted.add(command);
            Decision decision = ledger.decide(command, System.currentTimeMillis());
            decision.records().forEach(ledger::apply);
            reply = decision.reply();
            toTell = new ArrayList<>(notices);
            notices.clear();
            if (holdReplies) {
                heldReplies.add(() -> onReply.accept(reply));
                heldReplies.addAll(toTell);
                return true;
            }
        }
        toTell.forEach(Runnable::run);
        onReply.accept(reply);
        return true;
    }

    /** Gives the replies that were held back. */
    void releaseReplies() {
        List<Runnable> held;
        synchronized (this) {
            holdReplies = false;
            held = new ArrayList<>(heldReplies);
            heldReplies.clear();
        }
        held.forEach(Runnable::run);
    }

    @Override
    public @Nullable TaskEntry find(long sequence) {
        if (leaderless) {
            onWait.run();
        }
        checkLed();
        return ledger.find(sequence);
    }

    @Override
    public Reply.Staleness staleness(String executor, long sequence) {
        return ledger.staleness(executor, sequence);
    }

    @Override
    public AutoCloseable await(String executor, long sequence, Consumer<Reply> waiter) {
        TaskEntry entry = ledger.find(sequence);
        if (entry == null || !entry.executor().equals(executor)) {
            waiter.accept(new Reply.Stale(ledger.staleness(executor, sequence)));
        } else if (entry.isTerminal()) {
            waiter.accept(new Reply.Ended(entry));
        } else if (waiterCount() >= maxWaiters) {
            throw new RejectedExecutionException("max-waiters=" + maxWaiters);
        } else {
            waiters.computeIfAbsent(sequence, unused -> new ArrayList<>()).add(waiter);
        }
        return () -> waiters.getOrDefault(sequence, new ArrayList<>()).remove(waiter);
    }

    int waiterCount() {
        return waiters.values().stream().mapToInt(List::size).sum();
    }

    /** Answers all waiters as a partition does that fails. */
    void stop(String reason) {
        problem = reason;
        waiters.values().forEach(list -> list.forEach(waiter -> waiter.accept(new Reply.Unanswered(reason))));
        waiters.clear();
    }

    @Override
    public byte[] read(Body body) {
        return ((Body.Inline) body).bytes();
    }

    @Override
    public Stream<TaskEntry> entries() {
        return ledger.entries();
    }

    @Override
    public Stream<TaskStatus> statuses(String executor, Duration patience) {
        if (leaderless && !patience.isZero()) {
            onWait.run();
        }
        checkLed();
        return statuses(executor);
    }

    private void checkLed() {
        if (leaderless) {
            throw new HoldfastException(ErrorCode.PARTITION_WITHOUT_LEADER, "Nobody leads it: partition=" + id);
        }
    }

    @Override
    public ExecutorView executor(String name) {
        ExecutorState state = ledger.executor(name);
        return state == null
                ? new ExecutorView(name, 0, false, false, 0, 0, 0, Counters.ZERO)
                : new ExecutorView(
                        name,
                        state.operation(),
                        state.shutdown(),
                        state.paused(),
                        Math.toIntExact(state.unfinished()),
                        Math.toIntExact(state.held()),
                        state.results(),
                        state.counters());
    }

    @Override
    public Execution execution() {
        return execution;
    }

    @Override
    public int unfinished(String executor) {
        return ledger.unfinished(executor);
    }

    private void tell(long sequence, Reply reply) {
        List<Consumer<Reply>> told = waiters.remove(sequence);
        if (told != null) {
            notices.add(() -> told.forEach(waiter -> waiter.accept(reply)));
        }
    }

    private final class Listener implements RingListener {
        @Override
        public void onSubmitted(TaskEntry entry) {}

        @Override
        public void onRunnable(TaskEntry entry) {}

        @Override
        public void onEnded(TaskEntry entry) {
            tell(entry.sequence(), new Reply.Ended(entry));
        }

        @Override
        public void onCancelled(TaskEntry entry) {}

        @Override
        public void onHeld(TaskEntry entry) {}

        @Override
        public void onRemoved(TaskEntry entry, Reply.Staleness why) {
            tell(entry.sequence(), new Reply.Stale(why));
        }

        @Override
        public void onExecutorChanged(String executor, boolean shutdown, boolean paused) {}
    }
}
