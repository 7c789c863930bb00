package dev.holdfast.node.partition;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.recovery.GatedLog;
import dev.holdfast.replication.GroupForce;
import dev.holdfast.replication.SoloReplicaGroup;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A partition over a gated log, with threads of its own. */
final class PartitionFixture implements AutoCloseable {

    static final String EXECUTOR = "e";

    final GatedLog log;
    final List<TaskEntry> runnable = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final WaiterLimit waiterLimit = new WaiterLimit(4);

    private final ExecutorService storage = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer;
    private final Optional<GroupForce> force;
    final PartitionHost host;
    final Partition partition;

    PartitionFixture(SyncPolicy sync, int inboxCapacity, int maxBatch) {
        this(sync, inboxCapacity, maxBatch, TaskSpec.NO_TTL);
    }

    PartitionFixture(SyncPolicy sync, int inboxCapacity, int maxBatch, long ttlMillis) {
        this(
                new GatedLog(new PartitionId(3)),
                Executors.newScheduledThreadPool(1),
                sync,
                inboxCapacity,
                maxBatch,
                ttlMillis);
    }

    /** Over a log as a test has made it, and with a timer of the test. */
    PartitionFixture(GatedLog log, ScheduledExecutorService timer) {
        this(log, timer, SyncPolicy.OS, 1000, 256, TaskSpec.NO_TTL);
    }

    private PartitionFixture(
            GatedLog log,
            ScheduledExecutorService timer,
            SyncPolicy sync,
            int inboxCapacity,
            int maxBatch,
            long ttlMillis) {
        this.log = log;
        this.timer = timer;
        ExecutorLimits limits =
                new ExecutorLimits(1_000_000, 10, 1_000_000, 1L << 30, ttlMillis, false, 1000, 1000, 60_000);
        host = new PartitionHost(
                name -> limits,
                InstantSource.system(),
                storage,
                storage,
                timer,
                new Recorder(),
                waiterLimit,
                Execution.NONE,
                inboxCapacity,
                maxBatch);
        force = sync == SyncPolicy.OS
                ? Optional.empty()
                : Optional.of(new GroupForce("test-force", Duration.ZERO, (failed, why) -> failures.add(why)));
        partition = Partition.open(
                        log.partition(),
                        host,
                        log::reopen,
                        recovered -> new SoloReplicaGroup(recovered.log(), new Epoch(1), sync, force))
                .partition();
        partition.startEpochLater(new Command.StartEpoch(1, 1, EpochCause.FIRST, 1, Optional.empty()));
        partition.begin();
    }

    static Command.Submit submit() {
        return submit(1);
    }

    static Command.Submit submit(int bytes) {
        return submit(bytes, 3);
    }

    static Command.Submit submit(int bytes, int maxCrashes) {
        TaskSpec spec = new TaskSpec("java", "T", null, null, null, null, maxCrashes, TaskSpec.NO_TTL, true);
        return new Command.Submit(EXECUTOR, spec, new Body.Inline(new byte[bytes]));
    }

    static Command.Complete complete(long sequence) {
        return new Command.Complete(sequence, 1, 0, "java", new Body.Inline(new byte[] {1}));
    }

    CompletableFuture<Reply> post(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        if (!partition.post(command, reply::complete)) {
            throw new IllegalStateException("Refused by the inbox: command=" + command);
        }
        return reply;
    }

    /** For a poster that is to be held back in its append. */
    CompletableFuture<Reply> postOnAnotherThread(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread poster = new Thread(() -> partition.post(command, reply::complete));
        poster.setDaemon(true);
        poster.start();
        return reply;
    }

    <R extends Reply> R ask(Command command, Class<R> type) throws Exception {
        return type.cast(post(command).get(20, TimeUnit.SECONDS));
    }

    long submitted() throws Exception {
        return ask(submit(), Reply.Stored.class).sequence();
    }

    @Override
    public void close() {
        log.letAppendsGo();
        log.letForcesGo();
        partition.close("the test is over", 10, TimeUnit.SECONDS);
        force.ifPresent(GroupForce::close);
        timer.shutdownNow();
        storage.shutdown();
    }

    private final class Recorder implements PartitionEvents {
        @Override
        public void onRunnable(Partition from, TaskEntry entry) {
            runnable.add(entry);
        }

        @Override
        public void onCancelled(Partition from, TaskEntry entry) {}

        @Override
        public void onRemoved(Partition from, TaskEntry entry, Reply.Staleness why) {}

        @Override
        public void onHeld(Partition from, TaskEntry entry) {}

        @Override
        public void onExecutorChanged(Partition from, String executor) {}

        @Override
        public void onLogFailed(Partition from, Throwable cause) {
            failures.add(cause);
        }
    }
}
