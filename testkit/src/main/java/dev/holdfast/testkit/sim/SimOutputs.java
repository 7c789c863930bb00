package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.RowChange;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.OutputHandler;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowProposal;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Carries out what a replica wants. */
final class SimOutputs implements OutputHandler {

    /** Silence that a planted mistake takes for death. */
    private static final long SILENCE_NANOS = 300 * SimSettings.MILLI;

    /** After that it is seen whether there is room now. */
    private static final long ROOM_NANOS = 50 * SimSettings.MILLI;

    private record Heard(Session session, long atNanos) {}

    private final SimProcess process;
    private final SimNode node;
    private final SimWorld world;
    private final SimDisk disk;
    private final Map<NodeId, Heard> heard = new TreeMap<>();

    SimOutputs(SimProcess process) {
        this.process = process;
        this.node = process.node;
        this.world = process.world;
        this.disk = node.disk;
    }

    void heard(NodeId from, Session session) {
        heard.put(from, new Heard(session, world.timeline.nowNanos()));
    }

    void tick() {
        if (world.settings.is(Mutation.SILENCE_TAKEN_FOR_DEATH)) {
            heard.forEach((peer, last) -> {
                if (world.timeline.nowNanos() - last.atNanos() > SILENCE_NANOS) {
                    process.step(new Input.PeerGone(peer, last.session()));
                }
            });
        }
    }

    @Override
    public void send(Output.Send output) {
        transmit(output.to(), output.message());
    }

    @Override
    public void acknowledge(Output.Acknowledge output) {
        transmit(output.to(), output.ack());
    }

    private void transmit(NodeId to, Message message) {
        Session session = process.session;
        world.checks.sends(process, message);
        world.network.send(node.id, to, () -> world.node(to).receive(node.id, session, message));
    }

    @Override
    public void advanceCommit(Output.AdvanceCommit output) {
        world.checks.committed(node, process, output.committed());
        process.ledger.advance(output.committed());
    }

    @Override
    public void appendOwn(Output.AppendOwn output) {
        SimRecords records = (SimRecords) output.records();
        if (process.disk.isIdle() && node.isFull()) { // what was asked before it still found room
            process.step(new Input.AppendRefused());
            return;
        }
        process.disk.append(() -> appended(disk.append(output.epoch(), records.list())));
    }

    @Override
    public void appendCopy(Output.AppendCopy output) {
        Run run = output.run();
        SimRecords records = (SimRecords) run.records();
        if (world.settings.is(Mutation.ACKNOWLEDGE_BEFORE_APPEND)) {
            process.disk.answerEarly(
                    new Input.AppendDone(run.after(), false), () -> disk.append(run.epoch(), records.list()));
            return;
        }
        process.disk.append(() -> disk.end().equals(run.before()) && !node.isFull()
                ? appended(disk.append(run.epoch(), records.list()))
                : new Input.AppendRefused());
    }

    private Input appended(LogEnd end) {
        boolean lies = world.settings.is(Mutation.ACKNOWLEDGE_BEFORE_FORCE);
        process.ledger.appended(end.lsn());
        return new Input.AppendDone(end, lies);
    }

    @Override
    public void force(Output.Force output) {
        process.disk.force(() ->
                new Input.ForceDone(world.settings.is(Mutation.ACKNOWLEDGE_BEFORE_FORCE) ? disk.end() : disk.force()));
    }

    @Override
    public void truncate(Output.Truncate output) {
        if (node.isFull()) {
            node.after(ROOM_NANOS, () -> truncate(output));
            return;
        }
        world.totals.add(Totals.Count.TRUNCATIONS);
        Lsn to = output.to();
        if (world.settings.is(Mutation.TRUNCATION_BELOW_COMMIT)
                && to.compareTo(disk.base().lsn()) > 0) {
            to = new Lsn(to.value() - 1);
        }
        Lsn end = to;
        process.disk.force(() -> new Input.TruncateDone(disk.truncate(end)));
    }

    @Override
    public void persistEpoch(Output.PersistEpoch output) {
        process.disk.force(() -> {
            disk.persistedEpoch = output.epoch();
            return new Input.EpochPersisted(output.epoch());
        });
    }

    @Override
    public void readLog(Output.ReadLog output) {
        world.totals.add(Totals.Count.CATCH_UPS);
        process.disk.append(() -> {
            Optional<List<Run>> runs = disk.read(output.from(), output.maxBytes());
            return runs.isPresent()
                    ? new Input.LogRead(output.to(), output.from(), runs.get())
                    : new Input.LogGone(output.to(), output.from());
        });
    }

    @Override
    public void readCheckpoint(Output.ReadCheckpoint output) {
        process.disk.append(() ->
                new Input.CheckpointRead(output.to(), disk.readCheckpoint(output.place(), output.maxBytes() / 60)));
    }

    @Override
    public void storeCheckpoint(Output.StoreCheckpoint output) {
        process.disk.append(() -> new Input.CheckpointStored(disk.store(output.chunk())));
    }

    @Override
    public void installCheckpoint(Output.InstallCheckpoint output) {
        world.totals.add(Totals.Count.CHECKPOINTS);
        process.disk.force(() -> {
            LogEnd end = disk.install(output.at());
            process.ledger.replaced();
            return new Input.CheckpointInstalled(end);
        });
    }

    @Override
    public void propose(Output.Propose output) {
        RowProposal proposal = Mutated.proposal(world.settings.mutation(), output.proposal(), world.control.row());
        RowChange change = new RowChange(proposal.next(), node.id, process.session, proposal.sessions());
        CommandId id = new CommandId(
                node.id + "-" + process.session + "-" + proposal.id().value());
        world.propose(node, new Proposal(id, new ClusterCommand.ChangeRow(change)), answer -> {
            Optional<Outcome> outcome = answer.outcome();
            if (outcome.isEmpty()) {
                process.step(new Input.ProposalIndeterminate(proposal.id()));
            } else if (outcome.get().applied()) {
                process.step(new Input.ProposalConfirmed(proposal.id(), process.seen(answer.row())));
            } else {
                PartitionRow met = process.seen(answer.row());
                process.step(new Input.ProposalConflict(proposal.id(), met));
            }
        });
    }

    @Override
    public void becomePrimary(Output.BecomePrimary output) {
        world.checks.takesOver(process, output);
        process.ledger.becomePrimary(output);
    }

    @Override
    public void startServing(Output.StartServing output) {
        process.ledger.startServing();
        process.runner.recover();
    }

    @Override
    public void changeLease(Output.ChangeLease output) {
        process.term(output.term());
    }

    @Override
    public void stopStarts(Output.StopStarts output) {
        process.runner.stopStarts();
    }

    @Override
    public void resumeStarts(Output.ResumeStarts output) {
        process.runner.resumeStarts();
    }

    @Override
    public void stepDown(Output.StepDown output) {
        process.runner.stepDown();
        process.ledger.stepDown();
    }

    @Override
    public void refuseRun(Output.RefuseRun output) {
        process.ledger.refused(output.id());
    }

    @Override
    public void reportViolation(Output.ReportViolation output) {
        boolean ahead = world.node(output.from())
                .process()
                .filter(world.checks.losses::isAhead)
                .isPresent();
        Violation.check(
                ahead || world.settings.lies(),
                "protocol",
                () -> node + " heard from " + output.from() + ": " + output.violation());
    }

    @Override
    public void quarantine(Output.Quarantine output) {
        if (world.checks.losses.isAhead(process)) {
            node.relearn();
            return;
        }
        Violation.check(world.settings.lies(), "protocol", () -> node + " gives up: " + output.violation());
        node.crash(true);
    }
}
