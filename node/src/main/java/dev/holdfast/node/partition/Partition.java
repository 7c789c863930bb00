package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SequenceLimits;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition at work on its primary: commands come into its inbox, whoever holds its lock works them off in batches, see
 * {@link Drain}, and what is committed is told after it.
 *
 * <p>Under the lock runs no user code, nobody is called back, and nothing waits for another partition or thread.
 *
 * <p>Long because it is the one door of a partition; what is behind it is in the classes around.
 */
public final class Partition implements PartitionAccess {

    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private static final long ROOM_RETRY_SECONDS = 1;
    private static final long COPIES_RETRY_MILLIS = 20;

    private final PartitionId id;
    private final PartitionHost host;
    private final TaskLedger ledger;
    private final ReplicaGroup group;
    private final PartitionRing ring;
    private final Effects effects;
    private final BatchWriter writer;
    private final Upkeep upkeep;
    private final Expiry expiry;
    private final Waiters waiters;
    private final Waits waits;
    private final Starts starts;

    private final Drain drain;
    private final Inbox inbox;
    /** What storage threads want done under the lock: a few at a time. */
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();

    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final CompletableFuture<Void> sealed = new CompletableFuture<>();

    /** Deposed under the ring's lock. */
    private final Standing standing = new Standing();

    private final Bodies bodies;

    /** Whether other nodes have copies, and take over what this one fails at. */
    private final boolean hasCopies;

    private Partition(
            PartitionRing ring,
            PartitionLog log,
            SequenceLimits sequences,
            ReplicaGroup group,
            boolean hasCopies,
            Consumer<Undecided> undecided) {
        this.id = ring.id();
        this.hasCopies = hasCopies;
        this.host = ring.host();
        this.ring = ring;
        this.ledger = ring.ledger();
        this.effects = ring.effects();
        this.bodies = new Bodies(log);
        this.group = group;
        this.writer = new BatchWriter(ring, group, log, new Retries(), undecided);
        this.upkeep = new Upkeep(this, host, ledger, log, sequences);
        this.expiry = new Expiry(this, host);
        this.starts = new Starts(this, this::mayServe);
        this.inbox = new Inbox(host.inboxCapacity(), host.maxBatch());
        this.waiters = new Waiters(host.waiterLimit());
        this.waits = new Waits(ledger, standing, waiters);
        this.drain = new Drain(new Rounds(), host.storage());
    }

    /**
     * Opens and replays the log of a node alone and reserves its first sequences. It serves after {@link Command.StartEpoch},
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
        PartitionRing ring = new PartitionRing(id, host);
        RecoveredLog recovered = opening.apply(ring.replaying());
        ReplicaGroup group = grouping.apply(recovered);
        Partition partition = new Partition(ring, recovered.log(), recovered.sequences(), group, false, undecided -> {
            throw new IllegalStateException("Nobody deposes a node alone");
        });
        partition.begin(recovered.nextSequence());
        return new Opened(partition, recovered);
    }

    /** As {@link PartitionRing#serve}. */
    static Partition over(
            PartitionRing ring,
            PartitionLog log,
            SequenceLimits sequences,
            ReplicaGroup group,
            Consumer<Undecided> undecided) {
        Partition partition = new Partition(ring, log, sequences, group, true, undecided);
        partition.begin(partition.ledger.nextSequence());
        return partition;
    }

    private void begin(long nextSequence) {
        upkeep.reserveForStart(nextSequence);
        group.onCommit(drain::runBriefly);
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

    /** The clock has jumped: results whose time is over by it are removed. Does not block. */
    public void clockMoved() {
        expiry.clockMoved();
    }

    /** What is to run, oldest first, once the epoch is started; by the thread that opens the partition. */
    public List<TaskEntry> recoverable() {
        return ledger.recoverable();
    }

    /** {@link #recoverable}, then what is parked, then what is quarantined, each oldest first; before it serves. */
    public List<TaskEntry> notEnded() {
        return ledger.notEnded();
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
        if (standing.refusesPosts()) {
            return false;
        }
        StackRoom.check();
        return offer(command, onReply);
    }

    /** As {@link #post}, for threads of the node that stand at the bottom of their stack: nobody looks how much is left. */
    public boolean postFromPool(Command command, Consumer<Reply> onReply) {
        return !standing.refusesPosts() && offer(command, onReply);
    }

    /** As {@link #post}, also from a partition that is about to be handed over. */
    boolean offer(Command command, Consumer<Reply> onReply) {
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
            ring.enter();
            try {
                work();
                return effects.takeBehind(noted);
            } finally {
                ring.leave();
            }
        }

        @Override
        public void tell(Released noted) {
            noted.tell(Partition.this);
        }
    }

    // ---- under the lock

    private void work() {
        boolean isSealed = standing.sealIfAsked();
        serveOrRefuse();
        if (!isSealed && standing.sealIfAsked()) { // who asked for it meanwhile has left it to this holder
            isSealed = true;
            serveOrRefuse();
        }
        if (isSealed) {
            sealed.complete(null);
        }
        if (standing.isClosing() && inbox.isEmpty() && writer.isQuiet()) {
            quiet.complete(null);
        }
    }

    private void serveOrRefuse() {
        Standing.Refusal refusal = standing.refusal();
        if (refusal == null) {
            serve();
        } else {
            refuseAll(refusal);
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
            if (!standing.isDeposed()) {
                upkeep.look();
            }
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

    private void refuseAll(Standing.Refusal refusal) {
        actions.clear();
        writer.answerAll(refusal.begun());
        for (List<Item> batch = inbox.nextBatch(); !batch.isEmpty(); batch = inbox.nextBatch()) {
            for (Item item : batch) {
                item.decided(refusal.unbegun());
            }
            effects.reply(batch);
        }
    }

    void checkpointWritten() {
        group.checkpointWritten();
    }

    LogEnd applied() {
        return writer.applied();
    }

    private final class Retries implements BatchWriter.Retries {

        @Override
        public void whenThereMayBeRoom() {
            later(ROOM_RETRY_SECONDS, TimeUnit.SECONDS, writer::retryStalled);
        }

        @Override
        public void soon() {
            later(COPIES_RETRY_MILLIS, TimeUnit.MILLISECONDS, writer::retryStalled);
        }
    }

    // ---- leading, and no more

    /**
     * This node leads no more: what is committed is applied and told, what is not is handed out as undecided, and whoever asks or
     * waits is sent elsewhere. When this returns the ring is the replica's again. Called with the replica's lock held; blocks
     * for moments only.
     *
     * @return up to where the ring has the log: a batch is applied when all of it is committed
     */
    public LogEnd depose() {
        Released left;
        LogEnd end;
        ring.enter();
        try {
            if (standing.isDeposed()) {
                return writer.applied();
            }
            writer.depose();
            standing.depose();
            end = writer.applied();
            left = effects.takeBehind(null);
        } finally {
            ring.leave();
        }
        starts.end();
        host.storage().execute(() -> {
            if (left != null) {
                left.tell(this);
            }
            refuseWhoWaits(new Reply.Elsewhere(false));
        });
        return end;
    }

    public boolean isDeposed() {
        return standing.isDeposed();
    }

    /** Whether this node leads and its lease is not out: whether what it tells is the truth, and what it starts is its own. */
    public boolean mayServe() {
        return standing.refusal() == null && group.mayServe();
    }

    /** Whether a task may be started now. Any thread. */
    public boolean mayStart() {
        return starts.allowed();
    }

    /** Has {@code start} run once {@link #mayStart} is true again; never, if this node leads no more by then. */
    public void startLater(Runnable start) {
        starts.later(start);
    }

    /**
     * A hand-over begins: nothing is started any more. Calls {@code drained} when {@code isIdle} says that nothing runs here,
     * and what ran has its end in the log; not after {@link #resumeStarts}.
     */
    public void stopStarts(BooleanSupplier isIdle, Runnable drained) {
        starts.stop(isIdle, drained);
    }

    public void resumeStarts() {
        starts.resume();
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
        if (standing.isDeposed()) {
            return; // its log may be closed already; whose it is now comes upon the same, if it is the disk
        }
        String why = ErrorCode.DISK_FAILED.says("The log of partition " + id + " can not be written any more: " + cause
                + "; nothing is acknowledged from here on, look at the disk and restart the node");
        if (hasCopies) {
            failOver(why);
        } else {
            fail(why);
        }
        host.events().onLogFailed(this, cause);
    }

    /** From now on everything is refused, and whoever waits is told {@code why}. The first reason stays. */
    public void fail(String why) {
        if (standing.fail(why)) {
            host.storage().execute(() -> refuseWhoWaits(new Reply.Unanswered(why)));
        }
    }

    /**
     * Nothing is done here any more, and whoever asks or waits is sent to the node that leads next: this one's disk failed. What was
     * under way may have taken effect. Any thread, never blocks.
     */
    public void failOver(String why) {
        if (standing.failOver(why)) {
            host.storage().execute(() -> refuseWhoWaits(new Reply.Elsewhere(false)));
        }
    }

    private void refuseWhoWaits(Reply answer) {
        act(() -> {}); // for what was posted
        waiters.tellAll(answer);
    }

    /**
     * Refuses new commands, commits and answers what was posted, then tells whoever still waits {@code why}. The log is not
     * written any more then.
     *
     * @return whether everything that was posted was committed
     */
    public boolean close(String why, long timeout, TimeUnit unit) {
        standing.beginToClose();
        act(() -> {});
        boolean clean = standing.problem() == null && Await.uninterruptibly(quiet, timeout, unit);
        standing.askForSeal(why);
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
        return standing.problem();
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
        return waits.await(executor, sequence, onReply);
    }

    @Override
    public byte[] read(Body body) {
        return bodies.read(body);
    }

    /**
     * Has {@code handler} told, by whoever reads, of bodies that are not what was written. It says whether this node gives the
     * partition up for that; otherwise only those tasks are concerned. Before anybody reads; of a node alone there is none.
     */
    public void onDamage(Predicate<LogDamagedException> handler) {
        bodies.onDamage(handler);
    }

    /** Whether this node gives the partition up, because its copy is damaged: what it can not read others can. */
    public boolean isGivenUp() {
        return bodies.areGivenUp() || standing.isDeposed();
    }

    @Override
    public Stream<TaskEntry> entries() {
        return ledger.entries();
    }

    @Override
    public ExecutorView executor(String name) {
        return ExecutorViews.of(name, ledger.executor(name));
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
