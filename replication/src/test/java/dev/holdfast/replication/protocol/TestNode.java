package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process with a disk: does what its replica says, as long as the test lets its disk. */
final class TestNode implements OutputHandler {

    final NodeId id;
    final TestDisk disk = new TestDisk();
    final List<Output> said = new ArrayList<>();

    /** Answers of the disk that the test has not let through. */
    final Deque<Input> disked = new ArrayDeque<>();

    private final TestCluster cluster;
    private final boolean always;
    Session session = new Session(0);

    @Nullable
    PartitionReplica replica;

    boolean diskIsSlow;
    boolean diskIsFull;
    boolean drains = true;
    boolean opensEpochs = true;
    boolean hasCheckpoint = true;

    /** Acknowledged records went with its page cache, and it is not back in sync. */
    boolean lossy;

    /** Its log was set aside, and it is not back in sync. */
    boolean emptied;

    /** What is noted with that. */
    Optional<RowVersion> learnsSince = Optional.empty();

    boolean startsStopped;
    LeaseTerm term = LeaseTerm.NONE;

    /** Monotonic clocks begin anywhere. */
    long clockOffsetNanos;

    private long runs;

    TestNode(TestCluster cluster, String name, boolean always) {
        this.cluster = cluster;
        this.id = new NodeId(name);
        this.always = always;
    }

    long nowNanos() {
        return cluster.nowNanos() + clockOffsetNanos;
    }

    boolean isUp() {
        return replica != null;
    }

    PartitionReplica replica() {
        PartitionReplica running = replica;
        if (running == null) {
            throw new IllegalStateException("Not running: " + id);
        }
        return running;
    }

    void start(boolean pageCacheLost) {
        session = cluster.table.register(id);
        ReplicaSettings settings =
                new ReplicaSettings(id, session, always, true, TestCluster.TIMING, TestCluster.LIMITS);
        ReplicaStart start = new ReplicaStart(
                Optional.of(cluster.table.row),
                cluster.terms(),
                disk.persistedEpoch,
                disk.history(),
                disk.end(),
                disk.base().lsn(),
                pageCacheLost,
                emptied,
                learnsSince);
        disk.force();
        disked.clear();
        term = LeaseTerm.NONE;
        startsStopped = false;
        cluster.trace(id + " starts: " + session + ", pageCacheLost=" + pageCacheLost + ", " + start);
        replica = new PartitionReplica(settings, start, nowNanos());
    }

    /** The next process finds its log damaged, and begins with an empty one. */
    void startEmptied() {
        disk.setAside();
        emptied = true;
        learnsSince = Optional.empty();
        lossy = true;
        start(false);
    }

    void stop() {
        replica = null;
        disked.clear();
        term = LeaseTerm.NONE;
    }

    void step(Input input) {
        List<Output> outputs = replica().step(input, nowNanos());
        said.addAll(outputs);
        learnsSince = replica().learnsSince();
        cluster.trace(id + ": " + input + " -> " + outputs);
        for (Output output : outputs) {
            output.dispatchTo(this);
        }
        cluster.check();
    }

    RunId submit(String... names) {
        RunId run = new RunId(++runs);
        step(new Input.ClientRun(run, TestRecords.of(names)));
        return run;
    }

    /** Lets one answer of the disk through. */
    boolean answer() {
        Input next = disked.poll();
        if (next == null || !isUp()) {
            return false;
        }
        step(next);
        return true;
    }

    /** What it said of one kind, in order. */
    <T extends Output> List<T> said(Class<T> kind) {
        return said.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T extends Message> List<T> sent(Class<T> kind) {
        return said(Output.Send.class).stream()
                .map(Output.Send::message)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    List<String> committedNames() {
        return disk.names().subList(0, (int) replica().committed().value());
    }

    boolean mayServe() {
        return isUp() && term.covers(nowNanos());
    }

    @Override
    public void send(Output.Send output) {
        cluster.send(this, output.to(), output.message());
    }

    @Override
    public void acknowledge(Output.Acknowledge output) {
        cluster.send(this, output.to(), output.ack());
    }

    @Override
    public void advanceCommit(Output.AdvanceCommit output) {
        cluster.committed(this, output.committed());
    }

    @Override
    public void appendOwn(Output.AppendOwn output) {
        if (diskIsFull) {
            disked.add(new Input.AppendRefused());
        } else {
            disked.add(new Input.AppendDone(disk.append(output.epoch(), (TestRecords) output.records()), false));
        }
    }

    @Override
    public void appendCopy(Output.AppendCopy output) {
        Run run = output.run();
        if (diskIsFull || !disk.end().equals(run.before())) {
            disked.add(new Input.AppendRefused());
        } else {
            disked.add(new Input.AppendDone(disk.append(run.epoch(), (TestRecords) run.records()), false));
        }
    }

    @Override
    public void force(Output.Force output) {
        disked.add(new Input.ForceDone(disk.force()));
    }

    @Override
    public void truncate(Output.Truncate output) {
        disked.add(new Input.TruncateDone(disk.truncate(output.to())));
    }

    @Override
    public void persistEpoch(Output.PersistEpoch output) {
        disk.persistedEpoch = output.epoch();
        disked.add(new Input.EpochPersisted(output.epoch()));
    }

    @Override
    public void readLog(Output.ReadLog output) {
        Optional<List<Run>> runs = disk.read(output.from(), 3);
        disked.add(
                runs.isPresent()
                        ? new Input.LogRead(output.to(), output.from(), runs.get())
                        : new Input.LogGone(output.to(), output.from()));
    }

    @Override
    public void readCheckpoint(Output.ReadCheckpoint output) {
        disked.add(
                hasCheckpoint
                        ? new Input.CheckpointRead(output.to(), disk.readCheckpoint(output.place()))
                        : new Input.LogGone(output.to(), output.place().at()));
    }

    @Override
    public void storeCheckpoint(Output.StoreCheckpoint output) {
        disked.add(new Input.CheckpointStored(disk.store(output.chunk())));
    }

    @Override
    public void installCheckpoint(Output.InstallCheckpoint output) {
        disked.add(new Input.CheckpointInstalled(disk.install(output.at())));
    }

    @Override
    public void propose(Output.Propose output) {
        cluster.propose(new TestTable.Asked(this, output.proposal()));
    }

    @Override
    public void becomePrimary(Output.BecomePrimary output) {
        if (opensEpochs) {
            disked.add(new Input.EpochRun(
                    output.epoch(), TestRecords.of("epoch-" + output.epoch().value())));
        }
    }

    @Override
    public void startServing(Output.StartServing output) {}

    @Override
    public void changeLease(Output.ChangeLease output) {
        term = output.term();
    }

    @Override
    public void stopStarts(Output.StopStarts output) {
        startsStopped = true;
        if (drains) {
            disked.add(new Input.Drained());
        }
    }

    @Override
    public void resumeStarts(Output.ResumeStarts output) {
        startsStopped = false;
    }

    @Override
    public void stepDown(Output.StepDown output) {
        startsStopped = false;
    }

    @Override
    public void refuseRun(Output.RefuseRun output) {}

    @Override
    public void reportViolation(Output.ReportViolation output) {}

    @Override
    public void quarantine(Output.Quarantine output) {}

    /** Removes everything up to {@code to} in favour of a checkpoint. */
    void checkpoint(Lsn to) {
        disk.trim(to);
        step(new Input.LogTrimmed(disk.base()));
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
