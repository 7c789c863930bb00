package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.RunId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.AppendedRun;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One partition's replica on this node, at work: the pure {@link PartitionReplica} with a log, peers and a control plane.
 *
 * <p>The replica is stepped by whoever appends, by the workers of {@link ShellThreads} and, for signs of life and time that
 * passes, by the one thread there that does no disk I/O. What a step wants of log and ring is carried out under the shell's
 * lock, in order, by whoever appends and by the workers; forces and reads for followers are done without it, by a worker.
 * Threads of the control plane only leave what they have, those of the network also do what is short themselves, if nobody is at it.
 *
 * <p>A shell ends by {@link #close}, or by itself: {@link ReplicaListener#quarantined}, {@link ReplicaListener#damaged} and
 * {@link ReplicaListener#failed} say so. An ended shell refuses every append with {@link RunRefusedException}.
 */
public final class ReplicaShell implements AutoCloseable {

    /** So that waiting messages of a stuck disk do not fill the memory; what is dropped is sent again. */
    private static final int MAX_WAITING = 16_384;

    private static final Runnable NOBODY = () -> {};

    private final ShellContext context;

    /** Who holds it carries out what the replica wants of log, ring and listener. Never taken within a step. */
    private final ReentrantLock lock = new ReentrantLock();

    private final ShellInbox inbox;
    private final Runnable workOffHere = this::workOffHere;
    private final SignsOfLife signs;
    private final ShellOutputs outputs;
    private final Stepper stepper;
    private final RowFeed rows;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Ticks.Ticking> timers = new CopyOnWriteArrayList<>();

    /** Under {@link #lock}. */
    private long lastRun;

    /** Under {@link #lock}: what went wrong within an append, for {@link #end} once the lock is given up. */
    private @Nullable Throwable broken;

    private volatile boolean closed;
    private volatile Runnable commitListener = NOBODY;

    /** Makes the replica; {@link #start} lets it go. */
    public ReplicaShell(ShellContext context) {
        this.context = context;
        long maxBytes = 2 * context.settings().limits().windowBytes();
        this.inbox = new ShellInbox(MAX_WAITING, maxBytes, context.threads().workers(), this::drain);
        this.rows = new RowFeed(context.partition(), inbox::put);
        this.signs =
                new SignsOfLife(context.settings().timing(), context.threads().ticker(), this::stepAside);
        this.outputs = new ShellOutputs(this, context);
        this.stepper = new Stepper(outputs, outputs.newReplica(), context.log().isSuspect());
    }

    /** Lets time pass and rows come in. Once. */
    public void start() {
        rows.start(context.control());
        timers.add(context.threads().every(context.settings().timing().beaconNanos() / 3, signs::tick));
        long forceNanos = context.forceEvery().toNanos();
        if (forceNanos > 0) {
            ForcesAhead ahead = new ForcesAhead(context.log(), context.threads().workers(), () -> closed, this::end);
            timers.add(context.threads().every(forceNanos, ahead::look));
        }
    }

    public PartitionId partition() {
        return context.partition();
    }

    /**
     * Takes a message from the process of {@code from} in {@code session}. Any thread, never blocks.
     *
     * @param here takes what the caller's thread does soon in place of a worker, if that is short; false: it does not
     * @return false: it was dropped, for too much waits; the protocol sends it again
     */
    public boolean receive(NodeId from, Session session, Message message, Predicate<Runnable> here) {
        Input.Received received = new Input.Received(from, session, message);
        if (SignsOfLife.isOne(message)) {
            signs.offer(received);
            return true;
        }
        if (!inbox.add(received)) {
            return false;
        }
        if (!ShortWork.isShort(received) || !here.test(workOffHere)) {
            inbox.wake();
        }
        return true;
    }

    /** The process of {@code node} in {@code session} is gone. Any thread, never blocks. */
    public void peerGone(NodeId node, Session session) {
        inbox.put(new Input.PeerGone(node, session));
    }

    /** This primary is to resign in favour of {@code target}. Any thread, never blocks. */
    public void handOver(NodeId target, HandOverKind kind) {
        inbox.put(new Input.HandOver(target, kind));
    }

    /** This primary is to stay, unless it has resigned already. Any thread, never blocks. */
    public void cancelHandOver() {
        inbox.put(new Input.HandOverCancelled());
    }

    /** Nothing of this partition runs here any more, see {@link ReplicaListener#stopStarts}. Any thread, never blocks. */
    public void drained() {
        inbox.put(new Input.Drained());
    }

    /** The log has a new checkpoint. Any thread, never blocks. */
    public void checkpointWritten() {
        inbox.put(new Input.LogTrimmed(context.log().epochEnds().get(0)));
    }

    /** What is committed, as far as this replica knows. Any thread. */
    public Lsn committed() {
        return outputs.committed();
    }

    /** Where the log ends. Any thread. */
    public LogEnd end() {
        return context.log().end();
    }

    /** Whether this replica leads, in an epoch that is committed, and may serve now. Any thread. */
    public boolean mayServe(Epoch epoch) {
        return !closed && outputs.mayServe(epoch, signs::hasStoodStill);
    }

    /** Serves, sends and asks for nothing any more; {@link #close} is to follow. Any thread; waits for no disk. Idempotent. */
    public void fallSilent() {
        ended.set(true);
        stop();
    }

    /** Does nothing any more. What is under way ends without effect. Idempotent. Not to be called by a listener. */
    @Override
    public void close() {
        fallSilent();
        lock.lock(); // who is at it has ended when this returns
        lock.unlock();
    }

    private void stop() {
        closed = true;
        stepper.stop();
        timers.forEach(Ticks.Ticking::cancel);
        rows.close();
    }

    /** As {@link ReplicatedGroup#append}. */
    AppendedRun appendOwn(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        OwnRecords own = OwnRecords.of(records);
        own.checkEachFits(context.courier().maxRunBytes());
        Throwable failure = null;
        boolean done = false;
        lock.lock();
        try {
            outputs.checkServing(epoch);
            RunId id = new RunId(++lastRun);
            unbroken(() -> carryOwn(id, own));
            outputs.checkAppended(id, own);
            unbroken(this::carryWithinRole);
            outputs.commitIsKnown(); // the caller looks at it next
            done = true;
            return own.appended();
        } finally {
            failure = broken;
            broken = null;
            lock.unlock();
            if (failure != null) {
                end(failure);
            } else if (!done || stepper.hasWork()) {
                inbox.wake();
            }
        }
    }

    private void carryOwn(RunId id, OwnRecords own) {
        stepper.step(new Input.ClientRun(id, own));
        while (!own.isAppended() && !outputs.isRefused(id) && carryNext()) {
            // what was in line before it
        }
    }

    /** What follows from an append; but nobody learns within it that it leads no more. */
    private void carryWithinRole() {
        while (!stepper.nextChangesRole() && carryNext()) {
            // the next
        }
    }

    private void unbroken(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            broken = e;
            throw e;
        }
    }

    void acknowledge(Lsn lsn) {
        context.log().acknowledge(lsn);
    }

    void onCommit(Runnable listener) {
        commitListener = listener;
    }

    /** Who appended is not told of commits any more. */
    void forgetCommitListener() {
        commitListener = NOBODY;
    }

    int generation() {
        return stepper.generation();
    }

    boolean isClosed() {
        return closed;
    }

    /** Under the lock: what has come of something that was carried out. */
    void answer(Input answer) {
        stepper.step(answer);
    }

    /** Has {@code work} done without the lock; what it gives is stepped if it is still wanted. */
    void inBackground(Supplier<Optional<Input>> work) {
        int asked = stepper.generation();
        context.threads().workers().execute(() -> {
            long unused = background(asked, work);
        });
    }

    /** The same when the budget of the node for copies has room, in place of what waits for the same {@code to}. */
    void inTurn(NodeId to, Session session, LongSupplier appended, Supplier<Optional<Input>> work) {
        int asked = stepper.generation();
        context.threads()
                .copies()
                .ask(
                        new CopyQueue.Copy(partition(), to),
                        session,
                        appended,
                        () -> asked == stepper.generation() ? background(asked, work) : 0);
    }

    /** What waits for {@code to} is not wanted any more. */
    void notInTurn(NodeId to) {
        context.threads().copies().forget(new CopyQueue.Copy(partition(), to));
    }

    /** Returns how many bytes of a copy that were. */
    private long background(int asked, Supplier<Optional<Input>> work) {
        if (closed) {
            return 0;
        }
        try {
            Optional<Input> answer = work.get();
            locked(() -> answer.ifPresent(input -> stepper.step(input, asked)));
            return answer.map(LogWork::bytesRead).orElse(0L);
        } catch (RuntimeException | Error e) {
            end(e);
            return 0;
        }
    }

    /** As {@link #inBackground}, for an answer that is made under the lock, from what is true then. */
    void forceInBackground() {
        int asked = stepper.generation();
        context.threads().workers().execute(() -> {
            if (closed) {
                return;
            }
            try {
                LogEnd unused = context.log().force();
                // the log may have been truncated meanwhile: what is forced is asked for now
                locked(() -> stepper.step(new Input.ForceDone(context.log().forcedEnd()), asked));
            } catch (RuntimeException | Error e) {
                end(e);
            }
        });
    }

    /** Under the lock: has {@code work} done under it later, unless the replica is another one by then. */
    void after(long nanos, Runnable work) {
        int asked = stepper.generation();
        context.threads().after(nanos, () -> {
            try {
                locked(() -> {
                    if (asked == stepper.generation()) {
                        work.run();
                    }
                });
            } catch (RuntimeException | Error e) {
                end(e);
            }
        });
    }

    /** Any thread: {@code input} is stepped by a worker, if the replica still is the one of {@code asked}. */
    void later(Input input, int asked) {
        inbox.put(input, asked);
    }

    /** Under the lock: what the replica knew that the log does not say is forgotten. */
    void startAnew() {
        stepper.replace(outputs.newReplica(), context.log().isSuspect());
    }

    /** On the thread that does no disk I/O: whatever a step wants of the disk is left to a worker. */
    private void stepAside(Input input) {
        try {
            if (stepper.step(input)) {
                inbox.wake();
            }
        } catch (RuntimeException | Error e) {
            end(e);
        }
    }

    private void drain(List<ShellInbox.Waiting> taken) {
        try {
            locked(() -> {
                JoinedInputs inputs = new JoinedInputs(taken, context.log()::end);
                while (inputs.hasNext()) {
                    ShellInbox.Waiting each = inputs.next();
                    if (each.generation() == ShellInbox.Waiting.ANY) {
                        stepper.step(each.input());
                    } else {
                        stepper.step(each.input(), each.generation());
                    }
                    carryAll();
                }
            });
        } catch (RuntimeException | Error e) {
            end(e);
        }
    }

    /**
     * On a thread that has brought something and has others to serve: does what is short, if nobody else is at it, and leaves the
     * rest to a worker. An append may wait for the disk nevertheless.
     */
    private void workOffHere() {
        if (!inbox.claim()) {
            return;
        }
        boolean more = true;
        try {
            more = !lock.tryLock() || shortUnderLock();
        } catch (RuntimeException | Error e) {
            end(e);
        } finally {
            inbox.settle(more);
        }
    }

    /** Gives the lock up. Whether there is more to do than what is short. */
    private boolean shortUnderLock() {
        boolean more;
        boolean grew;
        try {
            more = !closed && ShortWork.workOff(inbox, stepper, outputs);
            grew = outputs.commitIsKnown();
        } finally {
            lock.unlock();
        }
        if (grew) {
            commitListener.run();
        }
        return more;
    }

    private void locked(Runnable work) {
        boolean grew;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            carryAll();
            work.run();
            carryAll();
            grew = outputs.commitIsKnown();
        } finally {
            lock.unlock();
        }
        if (grew) {
            commitListener.run();
        }
    }

    private void carryAll() {
        while (carryNext()) {
            // the next
        }
    }

    /** Under the lock. Answers are stepped before the next in line is carried out. */
    private boolean carryNext() {
        stepper.takeLearnsSince().ifPresent(version -> context.log().noteLearnsSince(version.value()));
        if (stepper.takeCleared()) {
            context.log().settle();
        }
        Output next = stepper.next();
        if (next == null) {
            return false;
        }
        next.dispatchTo(outputs);
        return true;
    }

    /** Once, whoever comes first. */
    private void end(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            stop();
            if (cause instanceof LogDamagedException damage) {
                context.listener().damaged(damage);
            } else {
                context.listener().failed(cause);
            }
        }
    }
}
