package dev.holdfast.node.cluster;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Takeover;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.PartitionRing;
import dev.holdfast.node.remote.Owner;
import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.ProtocolViolation;
import dev.holdfast.replication.protocol.TakeOver;
import dev.holdfast.replication.runtime.ReplicaListener;
import dev.holdfast.replication.runtime.ReplicaShell;
import dev.holdfast.replication.runtime.ReplicatedGroup;
import dev.holdfast.replication.runtime.ShellContext;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SnapshotItem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of one partition: its ring follows the primary, and is served while this node is that. What it is called
 * with comes from the replica's shell, one call at a time; the getters are for any thread.
 */
final class ReplicaHost implements ReplicaListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaHost.class);
    private static final long OUTCOME_LOOK_MILLIS = 10;

    private final PartitionId id;
    private final PartitionHost host;
    private final ClusterSide cluster;
    private final PartitionRing ring;
    private final RecoveredLog recovered;
    private final ReplicatedLog log;
    private final IdCeiling sequences;
    private final ReplicaShell shell;
    private final Outcomes outcomes;
    private final FollowerCheckpoints checkpoints;
    private final Preference preference;
    private final Listener listener;

    /** Up to where the ring has the log while it follows. */
    private Lsn followed;

    private volatile Owner.@Nullable Local owner;

    /** What it has is of no use, and others are asked from now on. */
    private volatile boolean givenUp;

    /** Hears that the copy leads, and decides what becomes of one that is of no use. */
    interface Listener {

        /** From now on {@code host} has an owner. With the shell held: must not block. */
        void serves(ReplicaHost host);

        /**
         * Nothing more is done with the copy of {@code host}. By whoever comes upon it, who may hold the partition, or the shell:
         * must not block.
         */
        void damaged(ReplicaHost host, String why);

        /**
         * The copy of {@code host} is given up until the node is restarted, and kept as it is: what made it fail may be in it. As {@link
         * #damaged}.
         */
        void defective(ReplicaHost host, String why);

        /** The body of a record can not be read. Returns whether the copy is given up for that. As {@link #damaged}. */
        boolean unreadable(ReplicaHost host, String why);
    }

    /**
     * Opens the log, and follows from then on.
     *
     * @param opening opens the log and replays it into what it is given
     */
    ReplicaHost(
            PartitionId id,
            PartitionHost host,
            ClusterSide cluster,
            Listener listener,
            Function<ReplayHandler, RecoveredLog> opening) {
        this.id = id;
        this.host = host;
        this.cluster = cluster;
        this.listener = listener;
        this.ring = new PartitionRing(id, host);
        this.recovered = opening.apply(new CheckpointOnly(ring.following()));
        this.log = recovered.replicated();
        this.followed = log.checkpointEnd().map(LogEnd::lsn).orElse(Lsn.NONE);
        this.sequences = new IdCeiling(id, recovered.sequences(), cluster.control(), cluster.self(), cluster.session());
        this.shell = new ReplicaShell(new ShellContext(
                id,
                cluster.settings(),
                log,
                cluster.epochs(id),
                cluster.courier(),
                cluster.control(),
                this,
                cluster.threads(),
                cluster.forceEvery()));
        this.outcomes = new Outcomes(log, shell::committed, this::soon, host.storage(), System::nanoTime);
        this.checkpoints = new FollowerCheckpoints(host, ring, log, shell, this::checkpointFailed);
        this.preference = new Preference(cluster.self(), shell, () -> owner != null);
    }

    /** Of what is behind the checkpoint nothing is known to be committed. */
    private record CheckpointOnly(ReplayHandler ring) implements ReplayHandler {

        @Override
        public void onSnapshot(SnapshotItem item) {
            ring.onSnapshot(item);
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            // the shell replays it when it is
        }
    }

    private void preferAsTheTableSays() {
        PartitionRow row = cluster.control().state().row(id);
        if (row != null) {
            prefer(row);
        }
    }

    private void soon(Runnable work) {
        after(TimeUnit.MILLISECONDS.toNanos(OUTCOME_LOOK_MILLIS), work);
    }

    private void after(long nanos, Runnable work) {
        try {
            var unused = host.timer().schedule(() -> host.storage().execute(work), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("Not scheduled, the node is closed: partition={}", id);
        }
    }

    ReplicaShell shell() {
        return shell;
    }

    ReplicatedLog log() {
        return log;
    }

    /** The partition while this node leads it, whether or not the lease is out. */
    @Nullable
    Partition serving() {
        Owner.Local local = owner;
        return local == null ? null : (Partition) local.partition();
    }

    /** The same for whoever routes calls. */
    Owner.@Nullable Local owner() {
        return givenUp ? null : owner;
    }

    /** Whoever asks is sent elsewhere from now on; {@link #close} follows. Any thread. */
    void giveUp() {
        givenUp = true;
    }

    /** Whether it counts for nothing until it has learnt what the copy before it had. */
    boolean isEmptied() {
        return log.isEmptied();
    }

    /** Up to where this node may issue sequences, once it leads. */
    long reservedEndExclusive() {
        return sequences.reservedEndExclusive();
    }

    /** Whether what is served here is the truth now. */
    boolean mayServe() {
        Partition partition = serving();
        return partition != null && !givenUp && partition.mayServe();
    }

    /** As {@link Preference#follow}. Any thread, never blocks. */
    void prefer(PartitionRow row) {
        preference.follow(row);
    }

    /** Resigns in favour of {@code target}, when nothing of the partition runs here any more. */
    void handOver(NodeId target, HandOverKind kind) {
        shell.handOver(target, kind);
    }

    /** As {@link ReplicaShell#fallSilent}. */
    void fallSilent() {
        givenUp = true;
        shell.fallSilent();
    }

    @Override
    public void close() {
        givenUp = true;
        shell.close();
        Partition partition = serving();
        if (partition != null) {
            LogEnd unused = partition.depose();
        }
        outcomes.close();
    }

    // ---- following

    @Override
    public ReplayHandler ring() {
        if (owner == null) {
            checkpoints.consider(this::followed);
        }
        ReplayHandler following = ring.following();
        return new ReplayHandler() {
            @Override
            public void onSnapshot(SnapshotItem item) {
                following.onSnapshot(item);
            }

            @Override
            public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
                following.onRecord(lsn, epoch, replicated);
                followed = lsn;
            }
        };
    }

    @Override
    public void ringReplaced() {
        ring.replaced();
        followed = Lsn.NONE;
    }

    private Lsn followed() {
        Lsn checkpoint = log.checkpointEnd().map(LogEnd::lsn).orElse(Lsn.NONE);
        return followed.compareTo(checkpoint) > 0 ? followed : checkpoint;
    }

    private void checkpointFailed(Throwable cause) {
        if (!givenUp) { // else the log was closed under it
            failed(cause);
        }
    }

    // ---- leading

    @Override
    public List<LogRecord.Replicated> becomePrimary(Epoch epoch, TakeOver how, boolean lossPossible, Lsn end) {
        EpochCause cause = cause(how);
        LOG.info(
                "Leads a partition: partition={}, epoch={}, how={}, cause={}, lossPossible={}",
                id,
                epoch.value(),
                how,
                cause,
                lossPossible);
        return ring.openEpoch(this::tail, next -> {
            Takeover takeover = new Takeover(
                    epoch.value(),
                    cluster.session().value(),
                    cause,
                    next,
                    recovered.nextSequence(),
                    sequences.ceiling());
            Command.StartEpoch start =
                    lossPossible ? takeover.afterALoss() : how == TakeOver.FIRST ? takeover.first() : takeover.later();
            host.storage().execute(() -> reserveAhead(start.nextSequence()));
            return start;
        });
    }

    /** What the first submits need takes two forces: they are done while the epoch is being committed. */
    private void reserveAhead(long next) {
        try {
            sequences.reserve(next + SequenceLimits.STEP);
        } catch (LogFailedException | IllegalStateException e) {
            LOG.debug("Nothing reserved ahead, whoever starts to serve finds out why: partition={}", id, e);
        }
    }

    private void tail(Consumer<LogRecord.Replicated> taker) {
        Lsn from = followed();
        Lsn to = log.end().lsn();
        if (from.compareTo(to) < 0) {
            log.replay(from, to, new ReplayHandler() {
                @Override
                public void onSnapshot(SnapshotItem item) {
                    throw new IllegalStateException("No checkpoint is read here: partition=" + id);
                }

                @Override
                public void onRecord(Lsn lsn, Epoch recordEpoch, LogRecord.Replicated replicated) {
                    taker.accept(replicated);
                }
            });
        }
    }

    /**
     * An open attempt counts as a crash where its process is known to be gone; one that is only cut off may be running it still.
     */
    private EpochCause cause(TakeOver how) {
        return switch (how) {
            case FIRST -> log.end().lsn().equals(Lsn.NONE) ? EpochCause.FIRST : ofThisDisk();
            case HAND_OVER -> EpochCause.TAKEOVER;
            case RESTART -> ofThisDisk();
            case FAILOVER, DEPOSED, ALL_SUSPECT ->
                cluster.isPrimaryBeforeGone(id) ? EpochCause.CRASH_START : EpochCause.TAKEOVER;
        };
    }

    private EpochCause ofThisDisk() {
        return recovered.crashed() ? EpochCause.CRASH_START : EpochCause.CLEAN_START;
    }

    @Override
    public void startServing(ReplicatedGroup group) {
        Partition partition = ring.serve(log, sequences, group, outcomes::add);
        List<TaskEntry> notEnded = partition.notEnded(); // before a submit can come: it tells of its own
        partition.onDamage(damage -> listener.unreadable(this, String.valueOf(damage.getMessage())));
        long settleNanos = 2 * cluster.settings().timing().graceNanos();
        preference.settlesAt(System.nanoTime() + settleNanos);
        owner = new Owner.Local(partition);
        listener.serves(this);
        host.storage().execute(() -> {
            partition.begin();
            cluster.terms().began(partition, notEnded);
        });
        after(settleNanos, this::preferAsTheTableSays);
    }

    @Override
    public Lsn stepDown(Epoch seen, Lsn committed) {
        Partition partition = serving();
        owner = null;
        preference.forget();
        if (partition == null) {
            ring.dropTail();
            followed = committed;
        } else {
            followed = partition.depose().lsn();
            host.storage().execute(() -> cluster.terms().ended(partition));
        }
        LOG.info("Leads a partition no more: partition={}, epochSeen={}", id, seen.value());
        return followed;
    }

    @Override
    public void stopStarts(HandOverKind kind, NodeId target) {
        Partition partition = serving();
        if (partition == null) {
            shell.drained();
            return;
        }
        LOG.debug("Hands a partition over: partition={}, to={}, kind={}", id, target, kind);
        partition.stopStarts(() -> !cluster.terms().isRunning(id), shell::drained);
    }

    @Override
    public void resumeStarts() {
        Partition partition = serving();
        if (partition != null) {
            partition.resumeStarts();
        }
    }

    // ---- the end

    @Override
    public void quarantined(ProtocolViolation violation) {
        listener.damaged(this, "it is not what the current primary has: " + violation);
    }

    @Override
    public void damaged(LogDamagedException damage) {
        listener.damaged(this, String.valueOf(damage.getMessage()));
    }

    /** What is the disk's concerns the whole node; what is a defect of ours concerns this copy, as far as anybody knows. */
    @Override
    public void failed(Throwable cause) {
        if (cause instanceof Error || isOfTheDisk(cause)) {
            cluster.terms().failed(cause);
        } else {
            LOG.error(
                    ErrorCode.PARTITION_FAILED.says(
                            "A copy of a partition fails, its state is unknown; the others go on: partition={}"),
                    id,
                    cause);
            listener.defective(this, "it has failed, restart the node: " + cause);
        }
    }

    private static boolean isOfTheDisk(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof LogFailedException || each instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    PartitionId id() {
        return id;
    }
}
