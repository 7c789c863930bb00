package dev.holdfast.replication.control.ratis;

import static org.awaitility.Awaitility.await;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.LoopbackControlNetwork;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Members of a control plane in this process, over a loopback network, each with a directory of its own. */
final class RatisCluster implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    final LoopbackControlNetwork network = new LoopbackControlNetwork();
    final Map<NodeId, RatisControlPlane> running = new LinkedHashMap<>();
    private final UUID uuid = UUID.randomUUID();
    private final Path directory;
    private final List<GroupMember> founders = new ArrayList<>();

    private final RatisTiming timing;

    RatisCluster(Path directory) {
        this(directory, QuickTiming.TIMING);
    }

    RatisCluster(Path directory, RatisTiming timing) {
        this.directory = directory;
        this.timing = timing;
    }

    static NodeId node(int number) {
        return new NodeId("disk-" + (char) ('a' + number)); // those of the contract
    }

    static MemberDetails details(int number) {
        return new MemberDetails("node-" + number, List.of(new NodeAddress("127.0.0.1", 5000 + number)), "");
    }

    /** Starts so many founding voters. */
    void start(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            founders.add(new GroupMember(node(i), details(i).addresses(), true));
        }
        for (int i = 0; i < count; i++) {
            start(node(i), founders);
        }
    }

    /** Starts a founder again on its directory. */
    RatisControlPlane restart(NodeId node) throws IOException {
        network.heal(node);
        return start(node, founders);
    }

    /** Starts a node that is no founder. */
    RatisControlPlane startJoiner(NodeId node) throws IOException {
        return start(node, List.of());
    }

    private RatisControlPlane start(NodeId node, List<GroupMember> group) throws IOException {
        RatisSettings settings = new RatisSettings(
                node,
                directory.resolve(node.diskId()),
                uuid,
                group,
                founders.stream().map(GroupMember::node).toList(),
                timing);
        RatisControlPlane member = RatisControlPlane.start(settings, network.of(node));
        running.put(node, member);
        return member;
    }

    /** Gone at once for the others; its threads are then ended, so that the test leaves none. */
    void kill(NodeId node) {
        network.kill(node);
        stop(node);
    }

    void stop(NodeId node) {
        Objects.requireNonNull(running.remove(node)).close();
    }

    RatisControlPlane member(NodeId node) {
        return Objects.requireNonNull(running.get(node));
    }

    RatisControlPlane any() {
        return running.values().iterator().next();
    }

    NodeId leader() {
        AtomicReference<NodeId> leader = new AtomicReference<>();
        await().atMost(PATIENCE)
                .until(() -> running.entrySet().stream().anyMatch(each -> {
                    Optional<NodeId> known = each.getValue().leader();
                    leader.set(known.orElse(node(99)));
                    return known.isPresent() && known.get().equals(each.getKey());
                }));
        return Objects.requireNonNull(leader.get());
    }

    /** Proposes until somebody has decided. */
    static Outcome propose(RatisControlPlane member, ClusterCommand command) {
        Proposal proposal = new Proposal(new CommandId(UUID.randomUUID().toString()), command);
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        await().pollDelay(Duration.ZERO).atMost(PATIENCE).ignoreExceptions().until(() -> {
            outcome.set(member.propose(proposal).toCompletableFuture().join());
            return true;
        });
        return Objects.requireNonNull(outcome.get());
    }

    ClusterCommand.Found found() {
        TreeSet<NodeId> voters = new TreeSet<>();
        founders.forEach(founder -> voters.add(founder.node()));
        return new ClusterCommand.Found(new Founding(uuid.toString(), voters, 4, Optional.empty()), 1);
    }

    static ClusterCommand.Join join(int number, Role role) {
        return new ClusterCommand.Join(node(number), details(number), role, new Session(1), 1_000);
    }

    void awaitEverywhere(Predicate<ClusterState> seen) {
        for (RatisControlPlane member : running.values()) {
            await().atMost(PATIENCE).until(() -> seen.test(member.state()));
        }
    }

    @Override
    public void close() throws InterruptedException {
        running.values().parallelStream().forEach(RatisControlPlane::close);
        running.clear();
        network.close();
    }
}
