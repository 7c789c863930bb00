package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.ReplicaPlacement;
import dev.holdfast.replication.protocol.HandOverKind;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes things go wrong. What is lost for good stays within what the design survives: one copy at a time. */
final class Faults implements FaultHandler {

    private final SimWorld world;
    private final Operator operator;

    /** Of the fault that is being injected. */
    private Effect effect = Effect.NONE;

    /** Asked to leave: two copies are to be left. */
    private final Set<NodeId> leaving = new HashSet<>();

    Faults(SimWorld world) {
        this.world = world;
        this.operator = new Operator(world);
    }

    void inject(Fault fault) {
        world.trace.add("fault:", fault);
        effect = new Effect(world.totals, fault.getClass().getSimpleName());
        fault.dispatchTo(this);
    }

    private void restartLater(SimNode node) {
        restartAfter(node, 4_000);
    }

    private void restartAfter(SimNode node, int maxMillis) {
        world.timeline.after((50 + world.random.nextInt(maxMillis)) * SimSettings.MILLI, node::start);
    }

    @Override
    public void crash(Fault.Crash fault) {
        if (fault.node().isOn()) {
            fault.node().crash(fault.heard());
            effect.happened();
            restartLater(fault.node());
        }
    }

    @Override
    public void powerLoss(Fault.PowerLoss fault) {
        if (world.settings.always() || mayLose(fault.node())) {
            boolean on = fault.node().isOn();
            fault.node().losePower();
            effect.happenedIf(on || !fault.node().disk.isWhole());
            restartLater(fault.node());
        }
    }

    @Override
    public void totalPowerLoss(Fault.TotalPowerLoss fault) {
        if (world.settings.always() || world.settings.losses()) {
            effect.happenedIf(isAnyOn());
            world.nodes.forEach(SimNode::losePower);
            world.nodes.forEach(this::restartLater);
        }
    }

    private boolean isAnyOn() {
        return world.nodes.stream().anyMatch(SimNode::isOn);
    }

    @Override
    public void totalCrash(Fault.TotalCrash fault) {
        effect.happenedIf(isAnyOn());
        world.nodes.forEach(node -> node.crash(false));
        world.nodes.forEach(this::restartLater);
    }

    @Override
    public void bitRot(Fault.BitRot fault) {
        if (mayLoseAll(fault.node())) {
            fault.node().crash(true);
            fault.node().disk.rot(world.random);
            effect.happenedIf(!fault.node().disk.isWhole());
            fault.node().lossy = fault.node().lossy || !fault.node().disk.isWhole();
            restartLater(fault.node());
        }
    }

    @Override
    public void staleDisk(Fault.StaleDisk fault) {
        SimNode node = fault.node();
        Optional<SimDisk.Copy> older =
                node.olderCopy.filter(copy -> copy.session().compareTo(node.disk.session) < 0);
        if (older.isPresent() && node.isOn() && mayLoseAll(node)) {
            node.crash(world.random.nextBoolean());
            node.disk.restore(older.get());
            node.lossy = true;
            world.totals.add(Totals.Count.STALE_DISKS);
            effect.happened();
            restartAfter(node, world.random.nextBoolean() ? 300 : 4_000);
        } else if (node.isOn()) {
            node.olderCopy = Optional.of(node.disk.copy());
        }
    }

    /** Whether what {@code node} did not force may go: everybody else who could be elected has everything. */
    private boolean mayLose(SimNode node) {
        PartitionRow row = world.control.row();
        return row.replicas().size() > 1
                && row.primary().isPresent()
                && others(node).stream().noneMatch(other -> other.lossy);
    }

    /** Whether all of {@code node}'s log may go: somebody in sync has everything, and stays in sync. */
    private boolean mayLoseAll(SimNode node) {
        PartitionRow row = world.control.row();
        boolean matters = row.inSync().contains(node.id) || row.eligible().contains(node.id);
        return !matters
                || (mayLose(node)
                        && !world.control.mayStandAlone(node.id)
                        && others(node).stream().anyMatch(other -> row.inSync().contains(other.id)));
    }

    private List<SimNode> others(SimNode node) {
        PartitionRow row = world.control.row();
        return world.nodes.stream()
                .filter(other -> other != node)
                .filter(other ->
                        row.inSync().contains(other.id) || row.eligible().contains(other.id))
                .toList();
    }

    /** All who could lead are down until then: an operator who does not wait for that loses what they tell meanwhile. */
    @Override
    public void recovery(Fault.Recovery fault) {
        SimNode survivor = fault.survivor();
        if (!operator.mayName(survivor)) {
            return;
        }
        others(survivor).forEach(other -> {
            other.crash(false);
            restartLater(other);
        });
        operator.name(survivor, effect::happenedIf);
    }

    @Override
    public void pause(Fault.Pause fault) {
        fault.node().stop(fault.nanos(), effect);
    }

    @Override
    public void suspend(Fault.Suspend fault) {
        if (!fault.node().isStopped()) {
            fault.node().stop(fault.nanos(), effect);
            world.timeline.after(0, () -> fault.node().clock.standStill(fault.nanos()));
        }
    }

    @Override
    public void drift(Fault.Drift fault) {
        fault.node().clock.drift(fault.perMillion());
        effect.happenedIf(fault.perMillion() != 0 && fault.node().isOn());
    }

    @Override
    public void cut(Fault.Cut fault) {
        NodeId from = fault.from().id;
        NodeId to = fault.to().id;
        world.network.cut(from, to, fault.nanos(), effect);
        if (fault.bothWays()) {
            world.network.cut(to, from, fault.nanos(), effect);
        }
    }

    @Override
    public void isolate(Fault.Isolate fault) {
        SimNode node = fault.node();
        world.nodes.stream()
                .filter(other -> other != node)
                .forEach(other -> cut(new Fault.Cut(node, other, true, fault.nanos())));
        if (fault.withControlPlane()) {
            world.network.cut(node.id, SimWorld.CONTROL, fault.nanos(), effect);
            world.control.makeStale(node.id, fault.nanos(), effect);
        }
    }

    @Override
    public void slowDisk(Fault.SlowDisk fault) {
        fault.node().slowDown(fault.times(), effect);
        world.timeline.after(fault.nanos(), () -> fault.node().slowDown(1, Effect.NONE));
    }

    @Override
    public void fullDisk(Fault.FullDisk fault) {
        fault.node().fillUp(fault.nanos(), effect);
    }

    @Override
    public void leaderLost(Fault.LeaderLost fault) {
        world.control.loseLeader(fault.nanos(), effect);
    }

    @Override
    public void staleView(Fault.StaleView fault) {
        world.control.makeStale(fault.node().id, fault.nanos(), effect);
    }

    /** Only who leads does something about it. */
    private void askPrimary(Input asked, Effect asking, boolean concerned) {
        world.nodes.forEach(node -> node.gate(
                node.life(),
                () -> node.process().ifPresent(each -> {
                    asking.happenedIf(concerned && each.replica.isPrimary());
                    each.step(asked);
                })));
    }

    @Override
    public void resign(Fault.Resign fault) {
        PartitionRow row = world.control.row();
        NodeId target = fault.target().id;
        boolean concerned = row.inSync().contains(target) && !row.isPrimary(target);
        askPrimary(new Input.HandOver(target, HandOverKind.BALANCE), effect, concerned);
    }

    @Override
    public void move(Fault.Move fault) {
        PartitionRow row = world.control.row();
        NodeId id = fault.node().id;
        if (row.replicas().contains(id)) {
            leaving.retainAll(row.replicas());
            leaving.add(id);
            if (row.replicas().size() - leaving.size() < SimSettings.REPLICAS - 1
                    || !Mutated.isDropped(world.settings.mutation(), row, id)) {
                return;
            }
            askPrimary(new Input.DropMember(id), effect, !row.isPrimary(id));
            return;
        }
        Effect asking = effect;
        List<NodeId> more = new ArrayList<>(row.replicas());
        more.add(id);
        world.propose(
                fault.node(),
                new ClusterCommand.PlaceReplicas(List.of(new ReplicaPlacement(row.partition(), row.version(), more))),
                answer -> asking.happenedIf(
                        answer.outcome().filter(Outcome::applied).isPresent()));
    }
}
