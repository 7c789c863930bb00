package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The contract again, as plainly as it can be said: lists, loops over everything, no log, nothing in flight. Answers each
 * command with a line of text.
 */
final class NaiveModel implements CommandHandler<String> {

    private static final class Task {
        final long sequence;
        final String executor;
        final TaskSpec spec;
        State state = State.UNFINISHED;
        int used;
        boolean open;
        boolean logged;
        boolean disposeAtEnd;
        int crashes;
        int resultBytes;
        long finishedAt;

        Task(long sequence, Command.Submit submit) {
            this.sequence = sequence;
            this.executor = submit.executor();
            this.spec = submit.spec();
            this.logged = spec.maxCrashes() == 1;
        }

        boolean terminal() {
            return state == State.COMPLETED || state == State.FAILED || state == State.CANCELLED;
        }

        boolean held() {
            return state == State.PARKED || state == State.QUARANTINED;
        }

        boolean current(int attempt) {
            return state == State.UNFINISHED && (open ? attempt == used : !logged && used == 0 && attempt == 1);
        }
    }

    private record Key(String key, long sequence, long at) {}

    private static final class Executor {
        boolean shutdown;
        boolean paused;
        boolean evictedEver;
        long operation;
        long destroyedBelow;
        final Map<Long, Staleness> gone = new HashMap<>();
        final List<Key> keys = new ArrayList<>();
    }

    private final Function<String, ExecutorLimits> limits;
    private final NaiveCalls calls;
    private final TreeMap<Long, Task> tasks = new TreeMap<>();
    private final List<Task> ended = new ArrayList<>();
    private final Map<String, Executor> executors = new HashMap<>();
    private final List<SequenceRange> lost = new ArrayList<>();
    private long next = 1;
    private long issued = 1;
    private long now;

    NaiveModel(Function<String, ExecutorLimits> limits, RequestLimits requestLimits) {
        this.limits = limits;
        this.calls = new NaiveCalls(requestLimits);
    }

    String run(Command command, long nowMillis) {
        now = nowMillis;
        String known = calls.answer(command);
        return known == null ? command.dispatchTo(this) : known;
    }

    /** The command that was run last was answered so, and left something in the log. */
    void logged(Command command, String answer) {
        calls.logged(command, answer, now);
    }

    /** What a task is, or why it is not there. */
    String look(String executor, long sequence) {
        Task task = tasks.get(sequence);
        if (task != null) {
            return task.executor + " " + task.state + " crashes=" + task.crashes;
        }
        return stale(executor, sequence).toString();
    }

    long issuedBelow() {
        return issued;
    }

    private Staleness stale(String name, long sequence) {
        if (sequence < 1 || sequence >= issued || tasks.containsKey(sequence)) {
            return Staleness.UNKNOWN;
        }
        if (lost.stream().anyMatch(range -> range.contains(sequence))) {
            return Staleness.LOST;
        }
        Executor executor = executor(name);
        Staleness known = executor.gone.get(sequence);
        if (known != null) {
            return known;
        }
        if (sequence < executor.destroyedBelow) {
            return executor.evictedEver ? Staleness.EVICTED : Staleness.DISPOSED;
        }
        return Staleness.UNKNOWN;
    }

    private Executor executor(String name) {
        return executors.computeIfAbsent(name, unused -> new Executor());
    }

    private long count(String executor, State... states) {
        return tasks.values().stream()
                .filter(task ->
                        task.executor.equals(executor) && List.of(states).contains(task.state))
                .count();
    }

    private long results(String executor) {
        return count(executor, State.COMPLETED, State.FAILED, State.CANCELLED);
    }

    private long resultBytes(String executor) {
        return ended.stream()
                .filter(task -> task.executor.equals(executor))
                .mapToLong(task -> task.resultBytes)
                .sum();
    }

    @Override
    public String submit(Command.Submit submit) {
        Executor executor = executor(submit.executor());
        ExecutorLimits limit = limits.apply(submit.executor());
        String key = submit.spec().idempotencyKey();
        long time = executor.keys.isEmpty()
                ? now
                : Math.max(now, executor.keys.get(executor.keys.size() - 1).at());
        if (key != null) {
            for (int i = executor.keys.size() - 1; i >= 0 && i >= executor.keys.size() - limit.keys(); i--) {
                Key stored = executor.keys.get(i);
                if (stored.key().equals(key) && time - stored.at() < limit.keyTtlMillis()) {
                    return "stored " + stored.sequence() + " again";
                }
            }
        }
        Refusal refusal = refusal(submit.executor(), executor, limit);
        if (refusal != null) {
            return "refused " + refusal;
        }
        long sequence = next;
        next++;
        issued = next;
        tasks.put(sequence, new Task(sequence, submit));
        if (key != null) {
            executor.keys.add(new Key(key, sequence, time));
        }
        return "stored " + sequence;
    }

    private @Nullable Refusal refusal(String name, Executor executor, ExecutorLimits limit) {
        long unfinished = count(name, State.UNFINISHED);
        if (executor.shutdown) {
            return Refusal.SHUTDOWN;
        }
        if (unfinished >= limit.capacity()) {
            return Refusal.CAPACITY;
        }
        if (count(name, State.PARKED, State.QUARANTINED) > limit.maxHeld()) {
            return Refusal.HELD;
        }
        boolean full = results(name) + unfinished >= limit.maxResults() || resultBytes(name) >= limit.maxResultBytes();
        return limit.rejectWhenFull() && full ? Refusal.RESULTS : null;
    }

    private void end(Task task, State state, int attempt, int bytes) {
        task.state = state;
        task.open = false;
        task.used = attempt;
        task.resultBytes = bytes;
        task.finishedAt = now;
        ended.add(task);
        boolean keep = state != State.COMPLETED || task.spec.keepResult();
        if (task.disposeAtEnd || !keep) {
            remove(task, Staleness.DISPOSED);
        }
        ExecutorLimits limit = limits.apply(task.executor);
        while (!limit.rejectWhenFull()
                && (results(task.executor) > limit.maxResults()
                        || resultBytes(task.executor) > limit.maxResultBytes())) {
            Task oldest = ended.stream()
                    .filter(each -> each.executor.equals(task.executor))
                    .findFirst()
                    .orElseThrow();
            if (oldest == task) {
                return;
            }
            remove(oldest, Staleness.EVICTED);
        }
    }

    private void remove(Task task, Staleness why) {
        tasks.remove(task.sequence);
        ended.remove(task);
        Executor executor = executor(task.executor);
        executor.gone.put(task.sequence, why);
        executor.evictedEver |= why == Staleness.EVICTED;
    }

    @Override
    public String startAttempt(Command.StartAttempt start) {
        Task task = tasks.get(start.sequence());
        if (task == null || task.state != State.UNFINISHED || task.open) {
            return "dropped";
        }
        task.used = task.logged ? task.used + 1 : 2;
        task.logged = true;
        task.open = true;
        return "start " + task.used;
    }

    @Override
    public String complete(Command.Complete complete) {
        Task task = tasks.get(complete.sequence());
        if (task == null || !task.current(complete.attempt())) {
            return "dropped";
        }
        end(task, State.COMPLETED, complete.attempt(), complete.result().length());
        return "done true";
    }

    @Override
    public String fail(Command.Fail fail) {
        Task task = tasks.get(fail.sequence());
        if (task == null || !task.current(fail.attempt())) {
            return "dropped";
        }
        end(task, State.FAILED, fail.attempt(), fail.failure().length());
        return "done true";
    }

    @Override
    public String abandon(Command.Abandon abandon) {
        Task task = tasks.get(abandon.sequence());
        if (task == null || !task.current(abandon.attempt())) {
            return "dropped";
        }
        task.used = abandon.attempt();
        task.open = false;
        task.logged = true;
        return "done true";
    }

    @Override
    public String park(Command.Park park) {
        Task task = tasks.get(park.sequence());
        if (task == null || !task.current(park.attempt())) {
            return "dropped";
        }
        task.state = State.PARKED;
        task.open = false;
        return "done true";
    }

    private @Nullable Task find(String executor, long sequence) {
        Task task = tasks.get(sequence);
        return task != null && task.executor.equals(executor) ? task : null;
    }

    @Override
    public String cancel(Command.Cancel cancel) {
        Task task = find(cancel.executor(), cancel.sequence());
        if (task == null) {
            return "stale " + stale(cancel.executor(), cancel.sequence());
        }
        if (task.terminal()) {
            return "done false";
        }
        end(task, State.CANCELLED, task.used, 0);
        return "done true";
    }

    @Override
    public String dispose(Command.Dispose dispose) {
        Task task = find(dispose.executor(), dispose.sequence());
        if (task == null || task.disposeAtEnd) {
            return "done false";
        }
        if (task.terminal()) {
            remove(task, Staleness.DISPOSED);
        } else {
            task.disposeAtEnd = true;
        }
        return "done true";
    }

    @Override
    public String retrieveAndDispose(Command.RetrieveAndDispose retrieve) {
        Task task = find(retrieve.executor(), retrieve.sequence());
        if (task == null) {
            return "stale " + stale(retrieve.executor(), retrieve.sequence());
        }
        if (!task.terminal()) {
            return "not ended";
        }
        remove(task, Staleness.DISPOSED);
        return "ended " + task.state + " " + task.resultBytes;
    }

    @Override
    public String retry(Command.Retry retry) {
        Task task = find(retry.executor(), retry.sequence());
        if (task == null) {
            return "stale " + stale(retry.executor(), retry.sequence());
        }
        boolean allowed = retry.byUser() ? task.held() || task.state == State.FAILED : task.state == State.PARKED;
        if (allowed) {
            ended.remove(task);
            task.state = State.UNFINISHED;
            task.crashes = 0;
            task.logged = true;
        }
        return "done " + allowed;
    }

    @Override
    public String discard(Command.Discard discard) {
        Task task = find(discard.executor(), discard.sequence());
        if (task == null) {
            return "stale " + stale(discard.executor(), discard.sequence());
        }
        boolean allowed = task.held() || task.state == State.FAILED;
        if (allowed) {
            remove(task, Staleness.DISPOSED);
        }
        return "done " + allowed;
    }

    @Override
    public String operate(Command.Operate operate) {
        Executor executor = executor(operate.executor());
        if (operate.number() <= executor.operation) {
            return "done false";
        }
        executor.operation = operate.number();
        boolean wasShutdown = executor.shutdown;
        boolean wasPaused = executor.paused;
        switch (operate.operation()) {
            case SHUTDOWN -> executor.shutdown = true;
            case REOPEN -> executor.shutdown = false;
            case PAUSE -> executor.paused = true;
            case RESUME -> executor.paused = false;
            case DESTROY -> {
                tasks.values().removeIf(task -> task.executor.equals(operate.executor()));
                ended.removeIf(task -> task.executor.equals(operate.executor()));
                Executor empty = new Executor();
                empty.operation = operate.number();
                empty.destroyedBelow = issued;
                executors.put(operate.executor(), empty);
                return "done true";
            }
        }
        return "done " + (wasShutdown != executor.shutdown || wasPaused != executor.paused);
    }

    @Override
    public String sweep(Command.Sweep sweep) {
        List<Task> expired = new ArrayList<>();
        for (String name : List.copyOf(executors.keySet())) {
            long common = limits.apply(name).ttlMillis();
            boolean inOrder = common != TaskSpec.NO_TTL;
            for (Task task : ended) {
                if (task.executor.equals(name)) {
                    long own = task.spec.resultTtlMillis();
                    inOrder &= task.finishedAt + common <= now;
                    if (inOrder || (own != TaskSpec.NO_TTL && task.finishedAt + own <= now)) {
                        expired.add(task);
                    }
                }
            }
        }
        expired.forEach(task -> remove(task, Staleness.EVICTED));
        return "done false";
    }

    @Override
    public String startEpoch(Command.StartEpoch start) {
        start.lost().ifPresent(range -> {
            lost.add(range);
            issued = range.endExclusive();
        });
        next = Math.max(issued, start.nextSequence());
        for (Task task : tasks.values()) {
            if (task.state != State.UNFINISHED) {
                continue;
            }
            if (start.cause() == EpochCause.VISIT) {
                task.logged = true;
                continue;
            }
            if (start.cause() == EpochCause.CRASH_START && task.open) {
                task.crashes++;
            }
            if (start.cause() != EpochCause.CLEAN_START && task.used == 0 && task.spec.maxCrashes() > 1) {
                task.used = 1;
            }
            task.open = false;
            task.logged = true;
            if (task.crashes >= task.spec.maxCrashes()) {
                task.state = State.QUARANTINED;
            }
        }
        return "done true";
    }
}
