package dev.holdfast.node.recovery;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.RefusingPartition;
import dev.holdfast.replication.GroupForce;
import dev.holdfast.replication.SoloReplicaGroup;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and replays a node's partitions, two at a time, and starts their epochs. What was finished is served from then on;
 * what was not is handed out oldest first, to be run. A partition whose log is damaged refuses, and the others serve.
 */
public final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int HELPERS = 2;
    private static final long START_SECONDS = 30;

    private final LogStore store;
    private final PartitionHost host;
    private final SyncPolicy sync;
    private final Optional<GroupForce> force;
    private final boolean visit;

    /** @param visit whether the partitions are opened to be changed by hand only: nothing is taken up, counted or expired */
    public Recovery(LogStore store, PartitionHost host, SyncPolicy sync, Optional<GroupForce> force, boolean visit) {
        this.store = store;
        this.host = host;
        this.sync = sync;
        this.force = force;
        this.visit = visit;
    }

    /** A task that a worker is to look at. */
    public record Recovered(Partition partition, TaskEntry entry) {}

    /**
     * @param partitions by number
     * @param runnable what is to run, oldest first; then what was parked and may be tried again
     */
    public record Outcome(List<PartitionAccess> partitions, List<Recovered> runnable, RecoveryReport report) {}

    private record OfPartition(
            PartitionAccess partition, List<Recovered> runnable, PartitionReport report, boolean crashed) {}

    /** @throws RuntimeException a partition could not be opened for another reason than damage */
    public Outcome run(int partitionCount) {
        long startNanos = System.nanoTime();
        ExecutorService helpers = Executors.newFixedThreadPool(HELPERS, task -> {
            Thread helper = new Thread(task, "holdfast-recovery");
            helper.setDaemon(true);
            return helper;
        });
        try {
            List<CompletableFuture<OfPartition>> opening = IntStream.range(0, partitionCount)
                    .mapToObj(PartitionId::new)
                    .map(id -> CompletableFuture.supplyAsync(() -> recover(id), helpers))
                    .toList();
            List<OfPartition> opened = awaitAll(opening);
            return outcome(opened, Duration.ofNanos(System.nanoTime() - startNanos));
        } finally {
            helpers.shutdown();
        }
    }

    private static List<OfPartition> awaitAll(List<CompletableFuture<OfPartition>> opening) {
        List<OfPartition> opened = new ArrayList<>();
        RuntimeException failure = null;
        for (CompletableFuture<OfPartition> one : opening) {
            try {
                opened.add(one.join());
            } catch (CompletionException e) {
                RuntimeException cause = e.getCause() instanceof RuntimeException known ? known : e;
                if (failure == null) {
                    failure = cause;
                } else {
                    failure.addSuppressed(cause);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return opened;
    }

    private static Outcome outcome(List<OfPartition> opened, Duration duration) {
        List<Recovered> runnable = new ArrayList<>();
        opened.forEach(one -> runnable.addAll(one.runnable()));
        runnable.sort(Comparator.comparing((Recovered one) -> one.entry().state() == State.PARKED)
                .thenComparing(one -> one.entry().submittedAtMillis())
                .thenComparing(one -> one.entry().sequence()));
        RecoveryReport report = new RecoveryReport(
                opened.stream().map(OfPartition::report).toList(),
                opened.stream().anyMatch(OfPartition::crashed),
                duration);
        return new Outcome(opened.stream().map(OfPartition::partition).toList(), runnable, report);
    }

    // ---- one partition, on a helper

    private OfPartition recover(PartitionId id) {
        Partition.Opened opened;
        try {
            opened = Partition.open(id, host, replay -> store.openPartition(id, replay), this::group);
        } catch (LogDamagedException e) {
            LOG.error(
                    ErrorCode.PARTITION_DAMAGED.says(
                            "A partition refuses, its log is damaged; the others serve: partition={}"),
                    id,
                    e);
            String damage = String.valueOf(e.getMessage());
            return new OfPartition(
                    new RefusingPartition(id, damage), List.of(), PartitionReport.refused(id, damage), false);
        }
        Partition partition = opened.partition();
        startEpoch(partition, opened.recovered());
        List<Recovered> runnable = runnable(partition); // before anything else changes it
        if (!visit) {
            partition.begin();
        }
        String problem = partition.problem();
        if (problem != null) {
            return new OfPartition(partition, List.of(), PartitionReport.refused(id, problem), false);
        }
        return new OfPartition(
                partition,
                runnable,
                report(partition, opened.recovered()),
                opened.recovered().crashed());
    }

    private SoloReplicaGroup group(RecoveredLog recovered) {
        long last = recovered.log().end().epoch().value();
        return new SoloReplicaGroup(recovered.log(), new Epoch(Math.max(store.session(), last + 1)), sync, force);
    }

    /** Without anything that the start changes, the epoch is logged with the first command: an unused log stays as it is. */
    private void startEpoch(Partition partition, RecoveredLog recovered) {
        boolean isNew = recovered.log().end().lsn().equals(Lsn.NONE);
        EpochCause cause = isNew ? EpochCause.FIRST : cause(recovered);
        Command.StartEpoch start = new Command.StartEpoch(
                partition.epoch().value(), store.session(), cause, recovered.nextSequence(), recovered.lost());
        if (recovered.lost().isEmpty() && (visit || partition.recoverable().isEmpty())) {
            partition.startEpochLater(start);
            return;
        }
        CompletableFuture<Reply> started = new CompletableFuture<>();
        if (!partition.post(start, started::complete)) {
            return;
        }
        try {
            started.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            partition.fail("Partition " + partition.id() + " could not begin its epoch within " + START_SECONDS
                    + " s, most likely because the disk is full: place=" + store.place()
                    + "; make room and restart the node");
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this thread", e);
        }
    }

    private EpochCause cause(RecoveredLog recovered) {
        if (visit) {
            return EpochCause.VISIT;
        }
        return recovered.crashed() ? EpochCause.CRASH_START : EpochCause.CLEAN_START;
    }

    private static List<Recovered> runnable(Partition partition) {
        return partition.notEnded().stream()
                .filter(entry -> entry.state() != State.QUARANTINED)
                .map(entry -> new Recovered(partition, entry))
                .toList();
    }

    private static PartitionReport report(Partition partition, RecoveredLog recovered) {
        long results = 0;
        long unfinished = 0;
        long parked = 0;
        List<Long> quarantined = new ArrayList<>();
        try (var entries = partition.entries()) {
            for (TaskEntry entry : (Iterable<TaskEntry>) entries::iterator) {
                switch (entry.state()) {
                    case COMPLETED, FAILED, CANCELLED -> results++;
                    case UNFINISHED -> unfinished++;
                    case PARKED -> parked++;
                    case QUARANTINED ->
                        quarantined.add(
                                TaskId.of(partition.id(), entry.sequence()).value());
                }
            }
        }
        return new PartitionReport(
                partition.id(),
                recovered.recordsReplayed(),
                results,
                unfinished,
                parked,
                quarantined,
                recovered.lost(),
                recovered.setAside(),
                Optional.empty());
    }
}
