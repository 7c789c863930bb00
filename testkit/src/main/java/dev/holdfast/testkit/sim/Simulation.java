package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.ReplicaPlacement;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A cluster, its clients and its misfortunes, all out of one seed: for a while things go wrong, then everything heals and has
 * to come to its end.
 */
public final class Simulation {

    /** Of which a seed has at least as many: a simulation in which little happens proves little. */
    private static final int LEAST_EVENTS = 2_000;

    private static final int LEAST_OPERATIONS = 100;
    private static final int LEAST_NODES = 3;

    private static final int OPERATIONS = 110;

    private final SimSettings settings;
    private final SimWorld world;
    private final List<SimClient> clients = new ArrayList<>();

    private Simulation(SimSettings settings) {
        this.settings = settings;
        this.world = new SimWorld(settings);
    }

    /**
     * Runs one seed.
     *
     * @param seed decides everything
     * @param mutation a mistake to plant, or {@link Mutation#NONE}
     * @return what happened, the same in every run
     * @throws SimulationFailure something happened that must not
     */
    public static SimulationResult run(long seed, Mutation mutation) {
        Simulation simulation = new Simulation(SimSettings.of(seed, mutation));
        repeatable(simulation.world, simulation::run);
        return new SimulationResult(simulation.world.totals, simulation.world.trail());
    }

    /** Whatever is thrown, by a check, an assertion or the core, says how to see it again. */
    static void repeatable(SimWorld world, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            throw new SimulationFailure(world, e);
        }
    }

    private void run() {
        found();
        SplittableRandom random = world.random.split();
        FaultPlan plan = new FaultPlan(world, random.split());
        int count = 3 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            clients.add(new SimClient(world, random.split(), i, OPERATIONS / count + 1));
        }
        world.nodes.forEach(SimNode::start);
        clients.forEach(SimClient::begin);
        world.timeline.after(SimSettings.SECOND, plan::begin);
        runUntil(settings.faultNanos());
        heal();
        awaitEnd();
        world.totals.add(Totals.Count.EVENTS, world.timeline.happened());
        checkSize(world);
    }

    static void checkSize(SimWorld world) {
        Totals totals = world.totals;
        Violation.check(
                world.nodes.size() >= LEAST_NODES
                        && totals.of(Totals.Count.EVENTS) >= LEAST_EVENTS
                        && totals.of(Totals.Count.OPERATIONS) >= LEAST_OPERATIONS
                        && totals.of(Totals.Count.FAULTS) >= FaultPlan.LEAST_FAULTS,
                SimulationFailure.SIZE,
                () -> "too little happens: nodes=" + world.nodes.size() + ", " + totals);
    }

    private void found() {
        TreeSet<NodeId> ids = new TreeSet<>();
        world.nodes.forEach(node -> ids.add(node.id));
        int minInSync = settings.is(Mutation.ELIGIBLE_WITH_MIN_IN_SYNC_1) ? 2 : settings.minInSync();
        apply(new ClusterCommand.Found(new Founding("simulated", ids, 1, Optional.empty()), minInSync));
        for (SimNode node : world.nodes) {
            apply(new ClusterCommand.Join(node.id, SimStart.details(node.id), Role.VOTER, new Session(1), 0));
            world.control.follow(node.id, node::view);
        }
        List<NodeId> replicas = List.copyOf(ids).subList(0, SimSettings.REPLICAS);
        PartitionRow row = world.control.row();
        apply(new ClusterCommand.PlaceReplicas(
                List.of(new ReplicaPlacement(row.partition(), row.version(), replicas))));
        world.nodes.forEach(node -> node.view(world.control.state()));
    }

    private void apply(ClusterCommand command) {
        Proposal proposal =
                new Proposal(new CommandId("found-" + world.control.state().revision()), command);
        Violation.check(world.control.applyNow(proposal).applied(), "set-up", () -> command.toString());
    }

    private void runUntil(long nanos) {
        while (world.timeline.step(nanos)) {
            // until then
        }
    }

    /** Nothing goes wrong any more, and what is down comes back. */
    private void heal() {
        world.trace.add("healing");
        world.network.good();
        world.control.good();
        for (SimNode node : world.nodes) {
            node.clock.drift(0);
            node.slowDown(1, Effect.NONE);
            node.fillUp(0, Effect.NONE);
            node.start();
        }
    }

    /** I1, I2: everything acknowledged ends, every replica is back in sync, every client is answered. */
    private void awaitEnd() {
        Operator operator = new Operator(world);
        long endNanos = world.timeline.nowNanos() + SimSettings.HEAL_NANOS;
        long nextLookNanos = world.timeline.nowNanos();
        Optional<String> missing = missing();
        while (missing.isPresent() && world.timeline.nowNanos() < endNanos) {
            operator.nameAgainIfNobodyCounts();
            nextLookNanos += SimSettings.SECOND / 2;
            runUntil(nextLookNanos);
            missing = missing();
        }
        if (missing.isPresent()) {
            throw new Violation("I2", "long after everything has healed: " + missing.get());
        }
    }

    private Optional<String> missing() {
        PartitionRow row = world.control.row();
        Optional<SimProcess> primary =
                world.nodes.stream().filter(SimNode::serves).findFirst().flatMap(SimNode::process);
        if (primary.isEmpty()) {
            return Optional.of("nobody serves: " + row);
        }
        if (row.inSync().size() < row.replicas().size()) {
            return Optional.of("in-sync is not whole: " + row);
        }
        if (clients.stream().anyMatch(client -> !client.isDone())) {
            return Optional.of("clients still wait");
        }
        return world.checks.tasks.unfinished(primary.get().ledger.ledger());
    }
}
