package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Commands of every kind, likely enough to be applied; the same seed gives the same ones for the same states. */
final class RandomCommands {

    private static final int NODES = 6;
    private static final int PARTITIONS = 5;

    private final SplittableRandom random;
    private int commands;

    RandomCommands(long seed) {
        random = new SplittableRandom(seed);
    }

    Proposal next(ClusterState state) {
        // every now and then one that was there already
        int number = commands > 0 && random.nextInt(20) == 0 ? random.nextInt(commands) : commands++;
        return new Proposal(new CommandId("command-" + number), command(state));
    }

    private ClusterCommand command(ClusterState state) {
        NodeId node = node();
        Session session = sessionOf(state, node);
        return switch (random.nextInt(16)) {
            case 0 -> Nodes.found(PARTITIONS, 1 + random.nextInt(2), node(0), node(1), node(2));
            case 1, 2 ->
                new ClusterCommand.Join(
                        node,
                        details(node),
                        pick(List.of(Role.values())),
                        new Session(1 + random.nextInt(9)),
                        commands);
            case 3 -> new ClusterCommand.ClaimSession(node, details(node), session, commands);
            case 4 -> new ClusterCommand.ClaimStale(node, details(node), session, commands);
            case 5 -> random.nextInt(4) > 0 ? report(state) : new ClusterCommand.Leave(node, session);
            case 6 -> random.nextInt(4) > 0 ? report(state) : new ClusterCommand.Remove(node);
            case 7 -> new ClusterCommand.ChangeRole(node, pick(List.of(Role.values())), pick(List.of(Role.values())));
            case 8 -> report(state);
            case 9, 10 -> place(state);
            case 11 -> register(node, session);
            case 12 -> new ClusterCommand.SetMinInSync(1 + random.nextInt(2), 1 + random.nextInt(3));
            case 13 ->
                new ClusterCommand.Recover(partition(), version(state, partition()), node, session, "ops", commands);
            default -> changeRow(state);
        };
    }

    private ClusterCommand report(ClusterState state) {
        List<Sighting> sightings = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            sightings.add(new Sighting(node(i), sessionOf(state, node(i)), random.nextInt(4) > 0));
        }
        return new ClusterCommand.Report(sightings, commands);
    }

    private ClusterCommand place(ClusterState state) {
        PartitionId partition = partition();
        List<NodeId> replicas = new ArrayList<>(nodes());
        PartitionRow row = state.row(partition);
        if (row != null) {
            row.inSync().stream().filter(node -> !replicas.contains(node)).forEach(replicas::add);
        }
        return new ClusterCommand.PlaceReplicas(
                List.of(new ReplicaPlacement(partition, version(state, partition), replicas)));
    }

    private ClusterCommand register(NodeId node, Session session) {
        TreeMap<String, String> values = new TreeMap<>();
        values.put("capacity", Integer.toString(random.nextInt(3)));
        return new ClusterCommand.RegisterExecutor(
                node, session, new ExecutorSettings("executor-" + random.nextInt(3), random.nextInt(3), values));
    }

    private ClusterCommand changeRow(ClusterState state) {
        PartitionId partition = partition();
        PartitionRow row = state.row(partition);
        if (row == null || row.replicas().isEmpty()) {
            return place(state);
        }
        NodeId leader = pick(row.replicas());
        NodeId proposer = row.primary().filter(any -> random.nextBoolean()).orElse(leader);
        TreeSet<NodeId> inSync = new TreeSet<>(random.nextBoolean() ? row.inSync() : row.replicas());
        boolean raise = random.nextBoolean() || row.primary().isEmpty();
        NodeId primary = raise ? leader : row.primary().orElse(leader);
        if (raise && !proposer.equals(primary)) {
            row.primary().ifPresent(inSync::remove);
        }
        inSync.add(primary);
        TreeMap<NodeId, Session> sessions = new TreeMap<>();
        inSync.forEach(node -> sessions.put(node, sessionOf(state, node)));
        PartitionRow next = new PartitionRow(
                partition,
                row.replicas(),
                inSync,
                Collections.emptySortedSet(),
                Optional.of(primary),
                raise ? new Epoch(row.epoch().value() + 1) : row.epoch(),
                new RowVersion(row.version().value() + 1),
                row.idCeiling());
        return new ClusterCommand.ChangeRow(new RowChange(next, proposer, sessionOf(state, proposer), sessions));
    }

    private Session sessionOf(ClusterState state, NodeId node) {
        Member member = state.member(node);
        return member == null ? Nodes.S1 : member.session();
    }

    private RowVersion version(ClusterState state, PartitionId partition) {
        PartitionRow row = state.row(partition);
        return row == null ? new RowVersion(0) : row.version();
    }

    private List<NodeId> nodes() {
        TreeSet<NodeId> nodes = new TreeSet<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            nodes.add(node());
        }
        return List.copyOf(nodes);
    }

    private NodeId node() {
        return node(random.nextInt(NODES));
    }

    private static NodeId node(int number) {
        return new NodeId("disk-" + number);
    }

    private MemberDetails details(NodeId node) {
        return Nodes.details(node, random.nextBoolean() ? "" : "zone-" + random.nextInt(3));
    }

    private PartitionId partition() {
        return new PartitionId(random.nextInt(PARTITIONS));
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
