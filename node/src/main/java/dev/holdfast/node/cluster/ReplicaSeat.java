package dev.holdfast.node.cluster;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.RefusingPartition;
import dev.holdfast.node.remote.Owner;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.runtime.ReplicaShell;
import dev.holdfast.storage.directory.DirectoryRefusedException;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's place on this node: the copy that there is, and what becomes of it when it is of no use.
 *
 * <pre>
 *            damaged, others have what it had
 *   HOSTED ------------------------------------> set aside, an empty one HOSTED, which learns
 *      |     too often, or as many are kept
 *      +---------------------------------------> LEFT OUT until the node is restarted
 *      |     nobody else has it
 *      +---------------------------------------> REFUSES -- the row names others, or a loss was accepted --> set aside
 *      |     failed by a defect of ours, others have what it had
 *      +---------------------------------------> LEFT OUT until the node is restarted
 *      |     nobody else has it
 *      +---------------------------------------> REFUSES until the node is restarted -- the row names others --> LEFT OUT
 * </pre>
 *
 * Opened, started and closed by the thread that starts and stops the node; everything else by any thread.
 */
final class ReplicaSeat implements AutoCloseable, ReplicaHost.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaSeat.class);

    /** Where logs are. */
    interface Logs {

        /** @throws LogDamagedException it is damaged */
        RecoveredLog open(PartitionId id, ReplayHandler handler);

        /**
         * Puts the log away, closed, and says where; {@link #open} then opens an empty one.
         *
         * @throws DirectoryRefusedException there are too many of them
         */
        Path setAside(PartitionId id);
    }

    /** Who brings messages to shells, and routes calls. */
    interface Surroundings {

        void added(ReplicaShell shell);

        void removed(ReplicaShell shell);

        /** What {@link #owner} says may be another. */
        void changed(PartitionId id);
    }

    private final PartitionId id;
    private final PartitionHost parts;
    private final ClusterSide cluster;
    private final Logs logs;
    private final Surroundings around;
    private final RelearnLimits limits;

    /** Under this. */
    private final Deque<Long> setAsideNanos = new ArrayDeque<>();

    /** Under this. */
    private boolean started;

    /** Under this. */
    private boolean closed;

    private volatile @Nullable ReplicaHost host;
    private volatile Owner.@Nullable Local refusal;

    /** With {@link #refusal}: nothing is known to be wrong with the log, so that it is not set aside. */
    private volatile boolean failedByDefect;

    private volatile @Nullable String problem;

    ReplicaSeat(
            PartitionId id,
            PartitionHost parts,
            ClusterSide cluster,
            Logs logs,
            Surroundings around,
            RelearnLimits limits) {
        this.id = id;
        this.parts = parts;
        this.cluster = cluster;
        this.logs = logs;
        this.around = around;
        this.limits = limits;
    }

    /** Opens the log, or sees what is to become of it. */
    synchronized void open() {
        try {
            host = new ReplicaHost(id, parts, cluster, this, replay -> logs.open(id, replay));
            refusal = null;
            problem = null;
        } catch (LogDamagedException e) {
            replace(String.valueOf(e.getMessage()));
        }
    }

    /** Lets the replica go. Once. */
    synchronized void start() {
        started = true;
        letGo();
    }

    private void letGo() {
        ReplicaHost opened = host;
        if (opened != null) {
            around.added(opened.shell());
            opened.shell().start();
        }
    }

    /** Null while there is no copy that does anything. */
    @Nullable
    ReplicaHost host() {
        return host;
    }

    /** The partition, if this node leads it or is the only one that could: then it refuses. */
    Owner.@Nullable Local owner() {
        ReplicaHost here = host;
        return here == null ? refusal : here.owner();
    }

    /** Whether {@link #owner} may answer now, if only to refuse. */
    boolean mayAnswer() {
        ReplicaHost here = host;
        return here == null ? refusal != null : here.mayServe();
    }

    /** Why the copy does nothing, or can not lead; null if there is nothing to say. */
    @Nullable
    String problem() {
        ReplicaHost here = host;
        if (here != null && here.isEmptied()) {
            return "this node's copy was damaged and set aside, and has to learn from the others: partition=" + id;
        }
        return problem;
    }

    /** Why this node, which alone has the partition, refuses it; null where it does not. */
    @Nullable
    String refusing() {
        Owner.Local refuses = host == null ? refusal : null;
        return refuses == null ? null : refuses.partition().problem();
    }

    @Override
    public void serves(ReplicaHost from) {
        around.changed(id);
    }

    @Override
    public void damaged(ReplicaHost from, String why) {
        from.giveUp();
        soon(Duration.ZERO, () -> leave(from, why));
    }

    @Override
    public void defective(ReplicaHost from, String why) {
        from.giveUp();
        soon(Duration.ZERO, () -> {
            if (host == from) {
                end(from);
                host = null;
                giveUp(why);
            }
        });
    }

    /** Where nobody else has it, the other tasks are served still, as by a node alone. */
    @Override
    public boolean unreadable(ReplicaHost from, String why) {
        if (isSole()) {
            return false;
        }
        damaged(from, why);
        return true;
    }

    /** After a change of the table: what was kept for want of another copy may be set aside now. */
    void review() {
        if (refusal != null && !isToRefuse()) {
            soon(Duration.ZERO, () -> {
                String why = refusing();
                if (why == null || isToRefuse()) {
                    return;
                }
                if (failedByDefect) {
                    giveUp(why);
                } else {
                    replace(why);
                }
            });
        }
    }

    /** A log that may be sound is not set aside, whoever accepts what: after a restart everything may be there. */
    private boolean isToRefuse() {
        return failedByDefect ? isAlone() : isSole();
    }

    /** Of a copy that failed though its log may be sound. Under this, on a thread that may take its time. */
    private void giveUp(String why) {
        if (isAlone()) {
            refuseForDefect(why);
        } else {
            leaveOutForDefect(why);
        }
        around.changed(id);
    }

    /** Under this, on a thread that may take its time. */
    private void leave(ReplicaHost from, String why) {
        if (host != from) {
            return;
        }
        end(from);
        host = null;
        replace(why);
    }

    private void end(ReplicaHost from) {
        around.removed(from.shell());
        Partition served = from.serving();
        from.close();
        if (served != null) {
            cluster.terms().ended(served);
        }
    }

    private void replace(String why) {
        int before = recently();
        if (isSole()) {
            refuse(why);
        } else if (before >= limits.times()) {
            leaveOut(
                    "it was damaged again and again: times=" + before + ", within=" + limits.window() + ", now=" + why);
        } else if (before == 0) {
            relearn(why);
        } else {
            problem = why;
            soon(limits.pauseAfter(before), () -> {
                if (host == null) {
                    relearn(why);
                }
            });
        }
        around.changed(id);
    }

    private int recently() {
        long now = System.nanoTime();
        setAsideNanos.removeIf(at -> now - at > limits.window().toNanos());
        return setAsideNanos.size();
    }

    private void refuse(String why) {
        if (refusal != null) {
            return;
        }
        problem = why;
        refusal = new Owner.Local(new RefusingPartition(id, why));
        LOG.error(
                ErrorCode.PARTITION_DAMAGED.says(
                        "A partition refuses: its log here is damaged, and no other copy has all"
                                + " that it had; the others serve: partition={}, why={}"),
                id,
                why);
    }

    private void refuseForDefect(String why) {
        if (refusal != null) {
            return;
        }
        String text = ErrorCode.PARTITION_FAILED.says(
                "a defect of this version and not of the disk, and no other copy has all"
                        + " that it had; restart the node, which reads it again: " + why);
        problem = text;
        failedByDefect = true;
        refusal = new Owner.Local(new RefusingPartition(id, text));
        LOG.error(
                ErrorCode.PARTITION_FAILED.says(
                        "A partition refuses until the node is restarted: its copy here failed by a defect, not of the"
                                + " disk, and no other copy has all that it had; the others serve: partition={}, why={}"),
                id,
                why);
    }

    private void leaveOutForDefect(String why) {
        refusal = null;
        failedByDefect = false;
        problem = why;
        LOG.error(
                ErrorCode.PARTITION_FAILED.says(
                        "A copy of a partition is left out until the node is restarted, because of a"
                                + " defect and not of the disk; there is one copy less of it: partition={}, why={}"),
                id,
                why);
    }

    private void leaveOut(String why) {
        refusal = null;
        failedByDefect = false;
        problem = why;
        LOG.error(
                ErrorCode.COPY_LEFT_OUT.says(
                        "A copy of a partition is left out until the node is restarted; there is one copy"
                                + " less of it, look at the disk: partition={}, why={}"),
                id,
                why);
    }

    private void relearn(String why) {
        Path aside;
        try {
            aside = logs.setAside(id);
        } catch (DirectoryRefusedException e) {
            leaveOut(e.getMessage() + "; damage=" + why);
            return;
        }
        setAsideNanos.add(System.nanoTime());
        LOG.error(
                ErrorCode.COPY_SET_ASIDE.says(
                        "A copy of a partition was of no use and was set aside; this node learns it again from the"
                                + " others, and does not count as a copy until it has: partition={}, setAside={}, why={}"),
                id,
                aside,
                why);
        open();
        if (started) {
            letGo();
        }
        around.changed(id);
    }

    /** Whether nobody else can have everything, and nobody said that this does not matter. */
    private boolean isSole() {
        ClusterState state = cluster.control().state();
        PartitionRow row = state.row(id);
        boolean lossAccepted = row != null
                && row.primary().isEmpty()
                && state.terms(id).recovery().filter(row.epoch()::equals).isPresent();
        return isAlone() && !lossAccepted;
    }

    /** Whether nobody else can have everything. */
    private boolean isAlone() {
        PartitionRow row = cluster.control().state().row(id);
        return row == null
                || (row.inSync().size() == 1
                        && row.inSync().contains(cluster.self())
                        && row.eligible().isEmpty());
    }

    private void soon(Duration pause, Runnable work) {
        try {
            Runnable guarded = () -> parts.storage().execute(() -> guarded(work));
            if (pause.isZero()) {
                guarded.run();
            } else {
                var unused = parts.timer().schedule(guarded, pause.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException closing) {
            LOG.debug("Not repaired, the node is closed: partition={}", id);
        }
    }

    private void guarded(Runnable work) {
        try {
            synchronized (this) {
                if (!closed) {
                    work.run();
                }
            }
        } catch (LogFailedException | InternalError e) {
            cluster.terms().failed(e);
        } catch (RuntimeException e) {
            notSetUp(e);
        }
    }

    private synchronized void notSetUp(RuntimeException cause) {
        if (host == null) {
            giveUp("it could not be set up again: " + cause);
        } else {
            leaveOut("it could not be set up again: " + cause);
        }
    }

    /** Ends the replica; the log stays open. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        ReplicaHost open = host;
        if (open != null) {
            around.removed(open.shell());
            open.close();
        }
    }
}
