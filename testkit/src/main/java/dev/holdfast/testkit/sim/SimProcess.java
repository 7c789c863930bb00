package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.LeaseTerm;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionReplica;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.ReplicaSettings;
import dev.holdfast.replication.protocol.ReplicaStart;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.protocol.TableTerms;
import dev.holdfast.storage.log.Epoch;
import java.util.List;
import java.util.Optional;

/** One life of a node with its replica: inputs to the core, its outputs to disk, network, control plane and ledger. */
final class SimProcess {

    final SimNode node;
    final SimWorld world;
    final Session session;
    final PartitionReplica replica;
    final DiskQueue disk;
    final SimLedger ledger;
    final SimRunner runner;
    private final SimOutputs outputs;
    private LeaseTerm term = LeaseTerm.NONE;
    private boolean ended;
    private long nextCheckpointNanos;

    SimProcess(SimNode node) {
        this.node = node;
        this.world = node.world;
        this.session = node.disk.session;
        int life = node.life();
        disk = new DiskQueue(
                world.timeline, world.random, action -> node.gate(life, action), this::step, node::slowness);
        ledger = new SimLedger(this);
        runner = new SimRunner(this);
        outputs = new SimOutputs(this);
        replica = new PartitionReplica(settings(), start(), node.clock.nowNanos());
        nextCheckpointNanos = world.timeline.nowNanos() + nextCheckpointDelayNanos();
    }

    private ReplicaSettings settings() {
        return new ReplicaSettings(
                node.id, session, world.settings.always(), true, SimSettings.TIMING, SimSettings.LIMITS);
    }

    private ReplicaStart start() {
        node.disk.force();
        boolean forgets = world.settings.is(Mutation.EPOCH_LOST_AT_RESTART);
        return new ReplicaStart(
                forgets ? Optional.empty() : Optional.ofNullable(node.view().row(SimControlPlane.PARTITION)),
                terms(node.view()),
                forgets ? Epoch.NONE : node.disk.persistedEpoch,
                node.disk.history(),
                node.disk.end(),
                node.disk.base().lsn(),
                node.lostPageCache && !world.settings.is(Mutation.LOSS_NOT_TOLD),
                node.emptied && !world.settings.is(Mutation.LOSS_NOT_TOLD),
                node.learnsSince);
    }

    void begin() {
        node.clock.jumpIsKnown();
        world.trace.add(node, "runs in session", session, "end", node.disk.end(), "suspect", node.isSuspect());
        tick();
    }

    private void tick() {
        node.after(SimSettings.TICK_NANOS, this::tick);
        step(new Input.Tick());
        if (!ended) {
            runner.tick();
            if (world.timeline.nowNanos() >= nextCheckpointNanos) {
                nextCheckpointNanos = world.timeline.nowNanos() + nextCheckpointDelayNanos();
                ledger.checkpoint();
            }
            outputs.tick();
        }
    }

    private long nextCheckpointDelayNanos() {
        return (1_000 + world.random.nextInt(4_000)) * SimSettings.MILLI;
    }

    void end() {
        ended = true;
        term = LeaseTerm.NONE;
        ledger.processEnded();
        runner.end();
    }

    void receive(NodeId from, Session sender, Message message) {
        outputs.heard(from, sender);
        Message taken = message;
        if (world.settings.is(Mutation.NO_EPOCH_CHECK) && message.epoch().compareTo(replica.epoch()) < 0) {
            if (message instanceof Message.Beacon beacon && !ended) {
                outputs.send(new Output.Send(from, new Message.BeaconAck(beacon.epoch(), beacon.stamp())));
                return;
            }
            taken = ForgedEpoch.of(message, replica.epoch());
        }
        step(new Input.Received(from, sender, taken));
    }

    void rowSeen(ClusterState state) {
        PartitionRow row = state.row(SimControlPlane.PARTITION);
        if (row != null && !ended) {
            step(new Input.RowApplied(seen(row), terms(state)));
        }
    }

    PartitionRow seen(PartitionRow row) {
        return Mutated.seen(world.settings.mutation(), row, node.id);
    }

    private TableTerms terms(ClusterState state) {
        return world.settings.is(Mutation.ELIGIBLE_WITH_MIN_IN_SYNC_1)
                ? TableTerms.of(1)
                : state.terms(SimControlPlane.PARTITION);
    }

    void step(Input input) {
        if (ended) {
            return;
        }
        if (hasJumped()) {
            node.clock.jumpIsKnown();
            take(new Input.ClockJumped());
        }
        take(input);
    }

    private void take(Input input) {
        List<Output> wanted = replica.step(input, node.clock.nowNanos());
        world.trace.add(node, input, "->", wanted);
        world.stepped(node, input, wanted);
        for (Output each : wanted) {
            if (!ended) {
                each.dispatchTo(outputs);
            }
        }
        if (!ended) {
            node.noted(replica, world.settings.is(Mutation.LOSS_NOT_TOLD));
            runner.startWhatMay();
            world.checks.stepped(node, this);
        }
    }

    boolean hasEnded() {
        return ended;
    }

    void term(LeaseTerm next) {
        term = next;
    }

    private boolean hasJumped() {
        return node.clock.hasJumped() && !world.settings.is(Mutation.CLOCK_JUMP_IGNORED);
    }

    /** R4, R5: whether a read is answered now. */
    boolean mayServe() {
        if (world.settings.is(Mutation.LEASE_IGNORED)) {
            return replica.isPrimary() && ledger.isServing();
        }
        return ledger.isServing() && !hasJumped() && term.covers(node.clock.nowNanos());
    }

    @Override
    public String toString() {
        return node + "/" + session;
    }
}
