package dev.holdfast.replication.runtime;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.Revision;
import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RunId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One partition's replica on this node, at work: the pure {@link PartitionReplica} with a log, peers and a control plane.
 *
 * <p>The replica is stepped under a lock, by whoever appends and by the workers of {@link ShellThreads}, never by a thread
 * of the network or of the control plane: those leave what they have in the inbox. What an output is answered with is stepped
 * before the lock is given up, in order; forces and reads are done without it, by a worker.
 */
public final class ReplicaShell implements AutoCloseable {

    /** So that waiting messages of a stuck disk do not fill the memory; what is dropped is sent again. */
    private static final int MAX_WAITING = 16_384;

    private final ShellContext context;
    private final ReentrantLock lock = new ReentrantLock();
    private final ShellInbox inbox;
    private final ShellOutputs outputs;

    /** Under {@link #lock}: what is to be stepped before it is given up. */
    private final Deque<Input> answers = new ArrayDeque<>();

    /** Under {@link #lock}. */
    private PartitionReplica replica;

    /** Under {@link #lock}: counts replicas made anew; what an earlier one asked for is not answered. */
    private int generation;

    /** Under {@link #lock}. */
    private boolean stepping;

    /** Under {@link #lock}. */
    private long lastRun;

    private final Object rows = new Object();

    /** Under {@link #rows}. */
    private Revision lastRevision = Revision.NONE;

    /** Under {@link #rows}. */
    private Input.@Nullable RowApplied lastRow;

    private ControlPlane.@Nullable Subscription subscription;
    private @Nullable ScheduledFuture<?> ticking;
    private volatile boolean closed;
    private volatile Runnable commitListener = () -> {};

    /** Makes the replica; {@link #start} lets it go. */
    public ReplicaShell(ShellContext context) {
        this.context = context;
        this.inbox = new ShellInbox(MAX_WAITING, context.threads().workers(), this::drain);
        this.outputs = new ShellOutputs(this, context);
        this.replica = outputs.newReplica();
    }

    /** Lets time pass and rows come in. Once. */
    public void start() {
        subscription = context.control().onApplied(this::applied);
        applied(context.control().state());
        ticking = context.threads()
                .every(context.settings().timing().beaconNanos() / 3, () -> inbox.tick(new Input.Tick()));
    }

    public PartitionId partition() {
        return context.partition();
    }

    /** Takes a message from the process of {@code from} in {@code session}. Any thread, never blocks. */
    public void receive(NodeId from, Session session, Message message) {
        inbox.offer(new Input.Received(from, session, message));
    }

    /** The process of {@code node} in {@code session} is gone. Any thread, never blocks. */
    public void peerGone(NodeId node, Session session) {
        inbox.put(new Input.PeerGone(node, session));
    }

    /** Wall clock and monotonic clock disagree. Any thread, never blocks. */
    public void clockJumped() {
        inbox.put(new Input.ClockJumped());
    }

    /** This primary is to resign in favour of {@code target}. Any thread, never blocks. */
    public void handOver(NodeId target, HandOverKind kind) {
        inbox.put(new Input.HandOver(target, kind));
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
        return !closed && outputs.mayServe(epoch);
    }

    /** Does nothing any more. What is under way ends without effect. Idempotent. */
    @Override
    public void close() {
        closed = true;
        ControlPlane.Subscription rowsTold = subscription;
        if (rowsTold != null) {
            rowsTold.close();
        }
        ScheduledFuture<?> ticks = ticking;
        if (ticks != null) {
            ticks.cancel(false);
        }
        lock.lock(); // who is at it has ended when this returns
        lock.unlock();
    }

    /** As {@link ReplicatedGroup#append}. */
    List<LogRecord.Replicated> appendOwn(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        lock.lock();
        try {
            RunId id = new RunId(++lastRun);
            OwnRecords own = OwnRecords.of(records);
            outputs.checkServing(epoch);
            step(new Input.ClientRun(id, own));
            outputs.checkAppended(id);
            return own.appended().kept();
        } catch (LogFailedException e) {
            fail(e);
            throw e;
        } finally {
            outputs.commitIsKnown(); // the caller looks at it next
            lock.unlock();
        }
    }

    void acknowledge(Lsn lsn) {
        context.log().acknowledge(lsn);
    }

    void onCommit(Runnable listener) {
        commitListener = listener;
    }

    /** Under the lock: tells apart what replicas made one after the other by {@link #startAnew} do. */
    int generation() {
        return generation;
    }

    boolean isClosed() {
        return closed;
    }

    /** Under the lock: {@code answer} is stepped next but for earlier ones. */
    void answer(Input answer) {
        answers.add(answer);
    }

    /** Has {@code work} done without the lock; what it gives is stepped if it is still wanted. */
    void inBackground(Supplier<Optional<Input>> work) {
        int asked = generation;
        context.threads().workers().execute(() -> {
            if (closed) {
                return;
            }
            try {
                Optional<Input> answer = work.get();
                locked(() -> {
                    if (asked == generation) {
                        answer.ifPresent(this::step);
                    }
                });
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        });
    }

    /** As {@link #inBackground}, for an answer that is made under the lock, from what is true then. */
    void forceInBackground() {
        int asked = generation;
        context.threads().workers().execute(() -> {
            if (closed) {
                return;
            }
            try {
                LogEnd unused = context.log().force();
                // the log may have been truncated meanwhile: what is forced is asked for now
                locked(() -> {
                    if (asked == generation) {
                        step(new Input.ForceDone(context.log().forcedEnd()));
                    }
                });
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        });
    }

    /** Any thread: {@code input} is stepped by a worker. */
    void later(Input input) {
        inbox.put(input);
    }

    /** Under the lock: what the replica knew that the log does not say is forgotten. */
    void startAnew() {
        generation++;
        answers.clear();
        replica = outputs.newReplica();
    }

    /** The table tells of every change of anything, and of one row from two threads at the start. */
    private void applied(ClusterState state) {
        PartitionRow row = state.row(partition());
        if (row == null) {
            return;
        }
        Input.RowApplied next = new Input.RowApplied(row, state.terms(partition()));
        synchronized (rows) {
            boolean isNew = lastRevision.compareTo(state.revision()) < 0 && !next.equals(lastRow);
            if (!closed && isNew) {
                lastRevision = state.revision();
                lastRow = next;
                inbox.put(next);
            }
        }
    }

    private void drain(List<Input> inputs) {
        try {
            locked(() -> inputs.forEach(this::step));
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void locked(Runnable work) {
        boolean grew;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            work.run();
            grew = outputs.commitIsKnown();
        } finally {
            lock.unlock();
        }
        if (grew) {
            commitListener.run();
        }
    }

    /** Under the lock. Answers, and what they lead to, are stepped before this returns. */
    private void step(Input first) {
        answers.add(first);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            for (Input next = answers.poll(); next != null && !closed; next = answers.poll()) {
                if (next instanceof Input.RowApplied applied) {
                    outputs.rowSeen(applied.row());
                }
                PartitionReplica stepped = replica;
                for (Output output : stepped.step(next, System.nanoTime())) {
                    output.dispatchTo(outputs);
                    if (!isCurrent(stepped)) {
                        break; // it was made anew: what the earlier one wants more is its own affair
                    }
                }
            }
        } finally {
            stepping = false;
        }
    }

    @SuppressWarnings("ReferenceEquality") // which one it is, is the question
    private boolean isCurrent(PartitionReplica stepped) {
        return stepped == replica;
    }

    private void fail(Throwable cause) {
        if (!closed) {
            closed = true;
            context.listener().failed(cause);
        }
    }
}
