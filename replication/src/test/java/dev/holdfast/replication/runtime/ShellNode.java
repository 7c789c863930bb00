package dev.holdfast.replication.runtime;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.ProtocolViolation;
import dev.holdfast.replication.protocol.ReplicaLimits;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.replication.protocol.ReplicaTiming;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.protocol.TakeOver;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.SnapshotItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One node of a test: a disk that outlives its processes, and at most one process with a shell. */
final class ShellNode implements ReplicaListener {

    static final PartitionId PARTITION = new PartitionId(0);
    static final int SEGMENT_BYTES = 256 * 1024;
    static final ReplicaTiming TIMING = ReplicaTiming.of(Duration.ofMillis(30), Duration.ofMillis(300));
    private static final ReplicaTiming FILES = ReplicaTiming.of(Duration.ofMillis(50), Duration.ofMillis(900));
    private static final ReplicaLimits LIMITS = new ReplicaLimits(64, 1 << 20, 16 << 10);

    final NodeId id;
    final Trouble trouble = new Trouble();

    /** Of its next process. */
    long copyBytesPerSecond = 1L << 40;

    private final ShellDisk disk;
    private final Function<ShellNode, Courier> couriers;
    private Session session = Session.NONE;

    /** What the ring of this process has seen: texts of items and records. Under {@code this}. */
    private final List<String> ring = new ArrayList<>();

    private volatile @Nullable ReplicatedGroup group;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable LogDamagedException damage;
    private volatile @Nullable Deposed deposed;
    private volatile @Nullable ProtocolViolation violation;
    private @Nullable ReplicatedLog log;
    private @Nullable ReplicaShell shell;
    private boolean startedSuspect;
    private @Nullable ShellThreads threads;

    ShellNode(String name, ShellDisk disk, Function<ShellNode, Courier> couriers) {
        this.disk = disk;
        this.id = new NodeId("disk-" + name);
        this.couriers = couriers;
    }

    Session session() {
        return session;
    }

    /** The next life of the node; its session is in the table already. */
    ReplicaShell start(Session next, ControlPlane control) {
        session = next;
        synchronized (this) {
            ring.clear();
        }
        ReplicatedLog opened = trouble.around(disk.open(new ReplayHandler() {
            @Override
            public void onSnapshot(SnapshotItem item) {
                ring().onSnapshot(item);
            }

            @Override
            public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
                // not known to be committed
            }
        }));
        ShellThreads running = new ShellThreads(id.diskId(), 2, copyBytesPerSecond);
        SyncPolicy sync = disk.sync();
        ReplicaTiming timing = sync == SyncPolicy.OS ? TIMING : FILES;
        ReplicaSettings settings = new ReplicaSettings(id, session, sync == SyncPolicy.ALWAYS, true, timing, LIMITS);
        log = opened;
        startedSuspect = opened.isSuspect();
        threads = running;
        ReplicaShell started = new ReplicaShell(new ShellContext(
                PARTITION,
                settings,
                opened,
                disk.epochs(),
                couriers.apply(this),
                control,
                this,
                running,
                sync == SyncPolicy.INTERVAL ? Duration.ofMillis(20) : Duration.ZERO));
        shell = started;
        return started;
    }

    /** Ends the process, as a kill does. */
    void kill() {
        if (shell != null && threads != null) {
            shell.close();
            threads.close();
        }
        shell = null;
        threads = null;
        log = null;
        group = null;
        trouble.over();
        disk.kill();
    }

    /** After a kill. */
    void setAside() {
        disk.setAside();
    }

    ReplicatedLog log() {
        ReplicatedLog open = log;
        if (open == null) {
            throw new IllegalStateException("Not running: " + id);
        }
        return open;
    }

    ReplicaShell shell() {
        ReplicaShell running = shell;
        if (running == null) {
            throw new IllegalStateException("Not running: " + id);
        }
        return running;
    }

    boolean startedSuspect() {
        return startedSuspect;
    }

    boolean isRunning() {
        return shell != null;
    }

    /** The group, if this node serves now. */
    @Nullable
    ReplicatedGroup serving() {
        ReplicatedGroup current = group;
        return current != null && current.mayServe() ? current : null;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    @Nullable
    LogDamagedException damage() {
        return damage;
    }

    /** The last call of {@code stepDown}. */
    record Deposed(Lsn committed, String thread, boolean mayServe) {}

    @Nullable
    Deposed deposed() {
        return deposed;
    }

    @Nullable
    ProtocolViolation violation() {
        return violation;
    }

    /** What the ring has seen, sequences in order. */
    synchronized List<String> ringNow() {
        return List.copyOf(ring);
    }

    private synchronized void seen(String what) {
        ring.add(what);
    }

    @Override
    public ReplayHandler ring() {
        return new ReplayHandler() {
            @Override
            public void onSnapshot(SnapshotItem item) {
                if (item instanceof SnapshotItem.Key key) {
                    seen(key.idempotencyKey());
                }
            }

            @Override
            public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
                if (replicated instanceof LogRecord.OfTask task) {
                    seen("task-" + task.sequence());
                }
            }
        };
    }

    @Override
    public synchronized void ringReplaced() {
        ring.clear();
    }

    @Override
    public List<LogRecord.Replicated> becomePrimary(Epoch epoch, TakeOver how, boolean lossPossible, Lsn end) {
        return List.of(
                new LogRecord.EpochStarted(epoch, session.value(), LogRecord.EpochCause.TAKEOVER, epoch.value()));
    }

    @Override
    public void startServing(ReplicatedGroup started) {
        group = started;
        appliedUpTo = started.committed();
    }

    private volatile Lsn appliedUpTo = Lsn.NONE;

    /** As a node's partition does while it serves: what is committed is applied. */
    void applyCommitted() {
        ReplicatedGroup current = group;
        if (current != null) {
            applyUpTo(current.committed());
        }
    }

    private synchronized void applyUpTo(Lsn committed) {
        if (committed.compareTo(appliedUpTo) > 0) {
            log().replay(appliedUpTo, committed, ring());
            appliedUpTo = committed;
        }
    }

    /** As of a partition that has not applied what it appended at once, because not all of that was committed. */
    volatile boolean leavesTheRest;

    @Override
    public Lsn stepDown(Epoch seen, Lsn committed) {
        ReplicatedGroup led = group;
        if (led == null) {
            return committed;
        }
        deposed = new Deposed(committed, Thread.currentThread().getName(), led.mayServe());
        group = null;
        if (!leavesTheRest) {
            applyUpTo(committed);
        }
        return appliedUpTo;
    }

    @Override
    public void stopStarts(HandOverKind kind, NodeId target) {
        shell().drained();
    }

    @Override
    public void resumeStarts() {}

    @Override
    public void quarantined(ProtocolViolation found) {
        violation = found;
    }

    @Override
    public void damaged(LogDamagedException found) {
        damage = found;
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
    }
}
