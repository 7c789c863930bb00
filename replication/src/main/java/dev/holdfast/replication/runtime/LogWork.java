package dev.holdfast.replication.runtime;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.CheckpointChunk;
import dev.holdfast.replication.protocol.CheckpointPlace;
import dev.holdfast.replication.protocol.EpochHistory;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.ReplicaStart;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.storage.log.AppendedRun;
import dev.holdfast.storage.log.CheckpointPart;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.RecordsGoneException;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.ReplicatedRun;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a replica wants of its log. Under the shell's lock; reads run without it. */
final class LogWork {

    private static final Logger LOG = LoggerFactory.getLogger(LogWork.class);

    private final ReplicaShell shell;
    private final ShellContext context;
    private final ReplicatedLog log;
    private final RingFollower ring;
    private @Nullable RuntimeException appendFailure;

    /** Of own records, ever: by that copies of the log may at least go on. */
    private final AtomicLong appendedBytes = new AtomicLong();

    private final LongSupplier appendedYet = appendedBytes::get;
    private final Throttle copies = new Throttle();
    private final Throttle taken = new Throttle();
    private final TryAgain truncations;
    private final TryAgain checkpoints;

    /** A replica made anew is due: the one that there is does nothing about checkpoints. */
    private boolean beginsAgain;

    LogWork(ReplicaShell shell, ShellContext context, RingFollower ring) {
        this.shell = shell;
        this.context = context;
        this.log = context.log();
        this.ring = ring;
        long beaconNanos = context.settings().timing().beaconNanos();
        this.truncations = new TryAgain(beaconNanos);
        this.checkpoints = new TryAgain(beaconNanos);
    }

    /** A replica that knows what log, table and epoch file say. */
    PartitionReplica newReplica() {
        LogEnd forced = log.force(); // what a replica begins with counts as forced
        ClusterState table = context.control().state();
        ReplicaStart start = new ReplicaStart(
                Optional.ofNullable(table.row(context.partition())),
                table.terms(context.partition()),
                context.epochs().load(),
                history(),
                forced,
                ring.committed(),
                log.hasLostPageCache(),
                log.isEmptied(),
                learnsSince());
        return new PartitionReplica(context.settings(), start, System.nanoTime());
    }

    private Optional<RowVersion> learnsSince() {
        OptionalLong version = log.learnsSince();
        return version.isPresent() ? Optional.of(new RowVersion(version.getAsLong())) : Optional.empty();
    }

    private EpochHistory history() {
        List<LogEnd> ends = log.epochEnds();
        EpochHistory history = EpochHistory.startingAt(ends.get(0));
        for (LogEnd end : ends.subList(1, ends.size())) {
            history = history.append(end);
        }
        return history;
    }

    /** Why the last own append failed, once. */
    @Nullable
    RuntimeException appendFailure() {
        RuntimeException failure = appendFailure;
        appendFailure = null;
        return failure;
    }

    void appendOwn(Output.AppendOwn output) {
        OwnRecords own = (OwnRecords) output.records();
        try {
            AppendedRun appended = log.appendOwn(output.epoch(), own.records());
            own.appended(appended);
            appendedBytes.addAndGet(own.bytes());
            shell.answer(new Input.AppendDone(appended.run().after(), false));
        } catch (LogFullException | IllegalArgumentException e) {
            appendFailure = e;
            shell.answer(new Input.AppendRefused());
        }
    }

    void appendCopy(Output.AppendCopy output) {
        ReplicatedRun run = ((CopiedRecords) output.run().records()).run();
        try {
            ring.appended(run, log.appendCopy(run));
            shell.answer(new Input.AppendDone(run.after(), false));
        } catch (LogFullException | IllegalArgumentException e) {
            warnNotTaken("append", e);
            shell.answer(new Input.AppendRefused());
        }
    }

    /** Until there is room: the replica does nothing to its log meanwhile. */
    void truncate(Output.Truncate output) {
        try {
            ring.forgetAppended();
            LogEnd reached = log.truncate(output.to());
            truncations.reset();
            shell.answer(new Input.TruncateDone(reached));
        } catch (LogFullException e) {
            warnNotTaken("truncate", e);
            shell.after(truncations.delayNanos(), () -> truncate(output));
        }
    }

    void readLog(Output.ReadLog output) {
        int maxBytes = (int) Math.min(output.maxBytes(), Integer.MAX_VALUE);
        read(output, () -> {
            try {
                List<Run> runs = log.readAfter(output.from(), maxBytes).stream()
                        .map(run -> new Run(run.before(), run.after(), new CopiedRecords(run)))
                        .toList();
                return Optional.of(new Input.LogRead(output.to(), output.from(), runs));
            } catch (RecordsGoneException e) {
                shell.checkpointWritten(); // who asks again has to see where the log begins now
                return Optional.of(new Input.LogGone(output.to(), output.from()));
            } catch (IllegalArgumentException e) {
                // this replica leads no more, and has truncated what it was asked for when it did
                LOG.debug("Records are not in the log any more: partition={}", context.partition(), e);
                return Optional.of(new Input.LogGone(output.to(), output.from()));
            }
        });
    }

    void readCheckpoint(Output.ReadCheckpoint output) {
        int maxBytes = (int) Math.min(output.maxBytes(), Integer.MAX_VALUE);
        read(output, () -> {
            CheckpointPlace place = output.place();
            if (log.checkpointEnd().isEmpty()) {
                // it is asked for again, and there once the node has written one
                return Optional.of(new Input.LogGone(output.to(), place.at()));
            }
            CheckpointPart part = log.readCheckpoint(place.at(), place.offsetBytes(), maxBytes);
            return Optional.of(new Input.CheckpointRead(
                    output.to(),
                    new CheckpointChunk(
                            new CheckpointPlace(part.at(), part.offsetBytes()),
                            part.last(),
                            new CheckpointBytes(part.bytes()))));
        });
    }

    private void read(Output.Read output, Supplier<Optional<Input>> work) {
        if (output.urgent()) {
            shell.notInTurn(output.to());
            shell.inBackground(work);
        } else {
            shell.inTurn(output.to(), output.session(), appendedYet, work);
        }
    }

    /** What of an answer was read for a copy. */
    static long bytesRead(Input answer) {
        if (answer instanceof Input.LogRead log) {
            return log.runs().stream().mapToLong(run -> run.records().bytes()).sum();
        }
        return answer instanceof Input.CheckpointRead part
                ? part.chunk().content().bytes()
                : 0;
    }

    void storeCheckpoint(Output.StoreCheckpoint output) {
        if (beginsAgain) {
            return;
        }
        CheckpointChunk chunk = output.chunk();
        CheckpointPlace place = chunk.place();
        byte[] bytes = ((CheckpointBytes) chunk.content()).content();
        try {
            log.storeCheckpoint(new CheckpointPart(place.at(), place.offsetBytes(), chunk.last(), bytes));
            shell.answer(new Input.CheckpointStored(chunk.next()));
        } catch (LogFullException | IllegalArgumentException e) {
            beginAgain(e);
        }
    }

    void installCheckpoint(Output.InstallCheckpoint output) {
        if (beginsAgain) {
            return;
        }
        LogEnd at = output.at();
        try {
            ring.forgetAppended();
            log.installCheckpoint(at, ring.replacedAt(at.lsn()));
            checkpoints.reset();
            shell.answer(new Input.CheckpointInstalled(at));
        } catch (LogFullException | LogDamagedException e) {
            beginAgain(e);
        }
    }

    /**
     * A copy went wrong half-way, as when it went on under another primary: the log is as it was, and asks anew, after a
     * while. The replica of before is not answered; it counts for nothing, and waits.
     */
    private void beginAgain(RuntimeException why) {
        beginsAgain = true;
        long times = taken.permit(System.nanoTime());
        if (times > 0) {
            LOG.warn(
                    ErrorCode.CHECKPOINT_NOT_TAKEN_OVER.says(
                            "A checkpoint could not be taken over, and is asked for again: partition={}, times={}, cause={}"),
                    context.partition(),
                    times,
                    why.getMessage());
        }
        shell.after(checkpoints.delayNanos(), () -> {
            beginsAgain = false;
            shell.startAnew();
        });
    }

    private void warnNotTaken(String what, RuntimeException why) {
        long times = copies.permit(System.nanoTime());
        if (times > 0) {
            LOG.warn(
                    ErrorCode.COPY_NOT_TAKEN.says("A replica could not do to its log what it has to, and tries again:"
                            + " partition={}, what={}, times={}, cause={}"),
                    context.partition(),
                    what,
                    times,
                    why.getMessage());
        }
    }
}
