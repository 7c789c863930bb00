package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.ExecutorState;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition at work on its primary: commands come into its inbox, whoever holds its lock works them off in batches, see
 * {@link Drain}, and what is committed is told after it.
 *
 * <p>Under the lock runs no user code, nobody is called back, and nothing waits for another partition or thread.
 */
public final class Partition implements PartitionAccess {

    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private static final long ROOM_RETRY_SECONDS = 1;
    private static final AutoCloseable NOTHING = () -> {};

    private final PartitionId id;
    private final PartitionHost host;
    private final TaskLedger ledger;
    private final PartitionLog log;
    private final ReplicaGroup group;
    private final Effects effects;
    private final BatchWriter writer;
    private final Upkeep upkeep;
    private final Expiry expiry;
    private final Waiters waiters;

    private final Drain drain;
    private final Inbox inbox;
    /** What storage threads want done under the lock: a few at a time. */
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();

    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final CompletableFuture<Void> sealed = new CompletableFuture<>();
    private volatile boolean closing;
    /** Becomes the problem as soon as the holder sees it, after which it never touches the log again. */
    private volatile @Nullable String sealWith;

    private volatile @Nullable String problem;

    private Partition(
            PartitionId id,
            PartitionHost host,
            TaskLedger ledger,
            Effects effects,
            RecoveredLog recovered,
            ReplicaGroup group) {
        this.id = id;
        this.host = host;
        this.ledger = ledger;
        this.effects = effects;
        this.log = recovered.log();
        this.group = group;
        this.writer = new BatchWriter(ledger, group, log, effects, host.clock(), this::retryRoomLater);
        this.upkeep = new Upkeep(this, host, ledger, log, recovered.sequences());
        this.expiry = new Expiry(this, host);
        this.inbox = new Inbox(host.inboxCapacity(), host.maxBatch());
        this.waiters = new Waiters(host.waiterLimit());
        this.drain = new Drain(new Rounds(), host.storage());
    }

    /**
     * Opens and replays a partition's log and reserves its first sequences. It serves after {@link Command.StartEpoch},
     * which is the caller's to post.
     *
     * @param opening opens the log and replays it into what it is given
     * @param grouping makes the group of copies of the log that was opened
     * @throws dev.holdfast.storage.log.LogDamagedException the log can not be read back; nothing is left open
     */
    public static Opened open(
            PartitionId id,
            PartitionHost host,
            Function<ReplayHandler, RecoveredLog> opening,
            Function<RecoveredLog, ReplicaGroup> grouping) {
        Effects effects = new Effects();
        TaskLedger ledger = new TaskLedger(id, host.limits(), effects);
        RecoveredLog recovered = opening.apply(ledger.replay());
        ReplicaGroup group = grouping.apply(recovered);
        Partition partition = new Partition(id, host, ledger, effects, recovered, group);
        partition.upkeep.reserveForStart(recovered.nextSequence());
        group.onCommit(partition.drain::run);
        return new Opened(partition, recovered);
    }

    /** A partition, and what its log was found to be. */
    public record Opened(Partition partition, RecoveredLog recovered) {}

    /** Logs {@code start} in front of the first command that is posted; before any is. */
    public void startEpochLater(Command.StartEpoch start) {
        writer.openWith(new Item(start, reply -> {}));
    }

    /** The epoch is started, or set to be: from here on results expire by themselves. */
    public void begin() {
        host.storage().execute(expiry::begin);
    }

    /** What is to run, oldest first, once the epoch is started; by the thread that opens the partition. */
    public List<TaskEntry> recoverable() {
        return ledger.recoverable();
    }

    /**
     * The end of what is committed and applied, once whoever holds the partition has told it: everything up to there is in
     * the log's files. Never completed once the partition has failed or is closed.
     */
    public CompletableFuture<LogEnd> committedEnd() {
        CompletableFuture<LogEnd> end = new CompletableFuture<>();
        act(() -> end.complete(writer.applied()));
        return end;
    }

    @Override
    public List<String> executors() {
        return ledger.executors();
    }

    // ---- the inbox

    @Override
    public boolean post(Command command, Consumer<Reply> onReply) {
        if (problem != null || closing) {
            return false;
        }
        StackRoom.check();
        return offer(command, onReply);
    }

    /** As {@link #post}, for threads of the node that stand at the bottom of their stack: nobody looks how much is left. */
    public boolean postFromPool(Command command, Consumer<Reply> onReply) {
        return problem == null && !closing && offer(command, onReply);
    }

    private boolean offer(Command command, Consumer<Reply> onReply) {
        if (!inbox.offer(command, onReply)) {
            return false;
        }
        drain.run();
        return true;
    }

    /** Has {@code action} run under the lock, by this or another thread; not once the partition has failed or is closed. */
    void act(Runnable action) {
        actions.add(action);
        drain.run();
    }

    void later(long delay, TimeUnit unit, Runnable action) {
        schedule(delay, unit, () -> act(action));
    }

    /** Runs {@code task} on a storage thread after {@code delay}, unless the node is closed by then. */
    void schedule(long delay, TimeUnit unit, Runnable task) {
        try {
            var unused = host.timer().schedule(() -> host.storage().execute(task), delay, unit);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Not scheduled, the node is closed: partition={}", id);
        }
    }

    private final class Rounds implements Drain.Work {

        @Override
        public boolean isDue() {
            return !inbox.isEmpty() || writer.commitIsAhead() || !actions.isEmpty();
        }

        @Override
        public @Nullable Released round(@Nullable Released noted) {
            work();
            return effects.takeBehind(noted);
        }

        @Override
        public void tell(Released noted) {
            noted.tell(Partition.this);
        }
    }

    // ---- under the lock

    private void work() {
        if (problem == null && sealWith != null) {
            problem = sealWith;
        }
        String refusal = problem;
        if (refusal == null) {
            serve();
        } else {
            refuseAll(refusal);
        }
        if (sealWith != null) {
            sealed.complete(null);
        }
        if (closing && inbox.isEmpty() && writer.isQuiet()) {
            quiet.complete(null);
        }
    }

    private void serve() {
        try {
            writer.applyCommitted();
            for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
                action.run();
            }
            List<Item> batch = inbox.nextBatch();
            if (!batch.isEmpty()) {
                writer.write(batch);
            }
            upkeep.look();
        } catch (LogFailedException | InternalError e) {
            // An InternalError is a mapped page that the disk has no room for: what was written is unknown.
            logFailed(e);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    ErrorCode.PARTITION_FAILED.says(
                            "A partition fails, its state is unknown; the others go on: partition={}"),
                    id,
                    e);
            fail(ErrorCode.PARTITION_FAILED.says(
                    "Partition " + id + " has failed: " + e + "; its tasks are stored, restart the node"));
        }
    }

    private void refuseAll(String why) {
        actions.clear();
        Reply answer = new Reply.Unanswered(why);
        writer.answerAll(answer);
        for (List<Item> batch = inbox.nextBatch(); !batch.isEmpty(); batch = inbox.nextBatch()) {
            for (Item item : batch) {
                item.decided(answer);
            }
            effects.reply(batch);
        }
    }

    LogEnd applied() {
        return writer.applied();
    }

    private void retryRoomLater() {
        later(ROOM_RETRY_SECONDS, TimeUnit.SECONDS, writer::retryStalled);
    }

    // ---- outside the lock

    /** A committed end, told to whom it concerns. */
    void tellEnded(TaskEntry entry) {
        waiters.tell(entry.sequence(), new Reply.Ended(entry));
        expiry.onEnded(entry);
    }

    void tellRemoved(TaskEntry entry, Reply.Staleness why) {
        waiters.tell(entry.sequence(), new Reply.Stale(why));
        host.events().onRemoved(this, entry, why);
    }

    PartitionEvents events() {
        return host.events();
    }

    Inbox inbox() {
        return inbox;
    }

    void logFailed(Throwable cause) {
        fail(ErrorCode.DISK_FAILED.says("The log of partition " + id + " can not be written any more: " + cause
                + "; nothing is acknowledged from here on, look at the disk and restart the node"));
        host.events().onLogFailed(this, cause);
    }

    /** From now on everything is refused, and whoever waits is told {@code why}. The first reason stays. */
    public void fail(String why) {
        if (problem != null) {
            return;
        }
        problem = why;
        host.storage().execute(() -> {
            act(() -> {});
            waiters.tellAll(new Reply.Unanswered(why));
        });
    }

    /**
     * Refuses new commands, commits and answers what was posted, then tells whoever still waits {@code why}. The log is not
     * written any more then.
     *
     * @return whether everything that was posted was committed
     */
    public boolean close(String why, long timeout, TimeUnit unit) {
        closing = true;
        act(() -> {});
        boolean clean = problem == null && Await.uninterruptibly(quiet, timeout, unit);
        sealWith = why;
        act(() -> {});
        Await.uninterruptibly(sealed, timeout, unit);
        waiters.tellAll(new Reply.Unanswered(why));
        return clean;
    }

    // ---- reading

    @Override
    public PartitionId id() {
        return id;
    }

    public Epoch epoch() {
        return group.epoch();
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public @Nullable TaskEntry find(long sequence) {
        return ledger.find(sequence);
    }

    @Override
    public Reply.Staleness staleness(String executor, long sequence) {
        return ledger.staleness(executor, sequence);
    }

    @Override
    public AutoCloseable await(String executor, long sequence, Consumer<Reply> onReply) {
        Reply now = outcome(executor, sequence);
        if (now != null) {
            onReply.accept(now);
            return NOTHING;
        }
        Waiters.Waiter waiter = waiters.add(sequence, onReply);
        now = outcome(executor, sequence);
        if (now != null) {
            waiter.tellNow(now);
        }
        return waiter;
    }

    private @Nullable Reply outcome(String executor, long sequence) {
        String failure = problem;
        if (failure != null) {
            return new Reply.Unanswered(failure);
        }
        TaskEntry entry = ledger.find(sequence);
        if (entry == null) {
            return new Reply.Stale(ledger.staleness(executor, sequence));
        }
        if (!entry.executor().equals(executor)) {
            return new Reply.Stale(Reply.Staleness.UNKNOWN);
        }
        return entry.isTerminal() ? new Reply.Ended(entry) : null;
    }

    @Override
    public byte[] read(Body body) {
        return body instanceof Body.Stored stored ? log.read(stored) : ((Body.Inline) body).bytes();
    }

    @Override
    public Stream<TaskEntry> entries() {
        return ledger.entries();
    }

    @Override
    public ExecutorView executor(String name) {
        return view(name, ledger.executor(name));
    }

    /** {@code state} as others see it; null of an executor that was never used. */
    public static ExecutorView view(String name, @Nullable ExecutorState state) {
        return state == null
                ? neverUsed(name)
                : new ExecutorView(
                        name,
                        state.operation(),
                        state.shutdown(),
                        state.paused(),
                        state.unfinished(),
                        state.held(),
                        state.results(),
                        state.counters());
    }

    static ExecutorView neverUsed(String name) {
        return new ExecutorView(name, 0, false, false, 0, 0, 0, SnapshotItem.Counters.ZERO);
    }

    @Override
    public Execution execution() {
        return host.execution();
    }

    @Override
    public int unfinished(String executor) {
        return ledger.unfinished(executor);
    }
}
