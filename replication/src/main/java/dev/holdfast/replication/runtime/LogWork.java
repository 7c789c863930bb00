package dev.holdfast.replication.runtime;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.CheckpointChunk;
import dev.holdfast.replication.protocol.CheckpointPlace;
import dev.holdfast.replication.protocol.EpochHistory;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.ReplicaStart;
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
    private boolean putOut;

    LogWork(ReplicaShell shell, ShellContext context, RingFollower ring) {
        this.shell = shell;
        this.context = context;
        this.log = context.log();
        this.ring = ring;
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
                log.isSuspect());
        return new PartitionReplica(context.settings(), start, System.nanoTime());
    }

    /** R11: who was put out and taken in again has what it may have lost. */
    void rowSeen(PartitionRow row) {
        if (!log.isSuspect()) {
            return;
        }
        if (!row.inSync().contains(context.settings().self())) {
            putOut = true;
        } else if (putOut) {
            log.settle();
        }
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
            shell.answer(new Input.AppendDone(appended.run().after(), false));
        } catch (LogFullException | IllegalArgumentException e) {
            appendFailure = e;
            shell.answer(new Input.AppendRefused());
        }
    }

    void appendCopy(Output.AppendCopy output) {
        ReplicatedRun run = ((CopiedRecords) output.run().records()).run();
        try {
            var unused = log.appendCopy(run);
            shell.answer(new Input.AppendDone(run.after(), false));
        } catch (LogFullException | IllegalArgumentException e) {
            LOG.debug("A copy was not appended: partition={}", context.partition(), e);
            shell.answer(new Input.AppendRefused());
        }
    }

    void readLog(Output.ReadLog output) {
        int maxBytes = (int) Math.min(output.maxBytes(), Integer.MAX_VALUE);
        shell.inBackground(() -> {
            try {
                List<Run> runs = log.readAfter(output.from(), maxBytes).stream()
                        .map(run -> new Run(run.before(), run.after(), new CopiedRecords(run)))
                        .toList();
                return Optional.of(new Input.LogRead(output.to(), output.from(), runs));
            } catch (RecordsGoneException e) {
                shell.checkpointWritten(); // who asks again has to see where the log begins now
                return Optional.of(new Input.LogGone(output.to(), output.from()));
            }
        });
    }

    void readCheckpoint(Output.ReadCheckpoint output) {
        int maxBytes = (int) Math.min(output.maxBytes(), Integer.MAX_VALUE);
        shell.inBackground(() -> {
            CheckpointPlace place = output.place();
            if (log.checkpointEnd().isEmpty()) {
                return Optional.empty(); // it is asked for again, and there once the node has written one
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

    void storeCheckpoint(Output.StoreCheckpoint output) {
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
        LogEnd at = output.at();
        try {
            log.installCheckpoint(at, ring.replacedAt(at.lsn()));
            shell.answer(new Input.CheckpointInstalled(at));
        } catch (LogFullException | LogDamagedException e) {
            beginAgain(e);
        }
    }

    /** A copy went wrong half-way, as when it went on under another primary: the log is as it was, and asks anew. */
    private void beginAgain(RuntimeException why) {
        LOG.warn(
                ErrorCode.CHECKPOINT_NOT_TAKEN_OVER.says(
                        "A checkpoint could not be taken over, and is asked for again: partition={}, cause={}"),
                context.partition(),
                why.getMessage());
        shell.startAnew();
    }
}
