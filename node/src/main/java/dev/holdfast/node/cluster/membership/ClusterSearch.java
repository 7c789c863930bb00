package dev.holdfast.node.cluster.membership;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.Bootstrap;
import dev.holdfast.replication.control.BootstrapDecision;
import dev.holdfast.replication.control.BootstrapView;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.Origin;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the nodes of the list again and again until it is known which cluster this node founds, joins or goes on in. Of the
 * thread that starts the node, but for {@link #view}.
 */
final class ClusterSearch {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSearch.class);

    private final Config config;
    private final MemberDisk disk;
    private final SelfIdentity identity;
    private final MemberList list;
    private final MembershipTiming timing;
    private final WaitLog waits;
    private final UUID process = UUID.randomUUID();
    private final String newUuid = UUID.randomUUID().toString();
    private final SortedMap<NodeId, NodeAddress> addresses = new TreeMap<>();
    private Optional<NodeAddress> listedAs = Optional.empty();

    ClusterSearch(
            Config config,
            MemberDisk disk,
            SelfIdentity identity,
            MemberList list,
            MembershipTiming timing,
            WaitLog waits) {
        this.config = config;
        this.disk = disk;
        this.identity = identity;
        this.list = list;
        this.timing = timing;
        this.waits = waits;
    }

    /** Of this process, and of no other. */
    UUID process() {
        return process;
    }

    /** What this node says of itself. Any thread. */
    BootstrapView view() {
        Optional<Founding> founding = disk.founding();
        Optional<Origin> embedded = founding.isPresent() ? Optional.empty() : disk.embeddedAtStart();
        int partitionCount = founding.map(Founding::partitionCount)
                .orElse(embedded.isPresent() ? disk.partitionCount() : config.getPartitionCount());
        return new BootstrapView(
                disk.node(),
                config.getNodeName(),
                partitionCount,
                list.voters(),
                embedded,
                embedded.isPresent() ? disk.embeddedUuid().toString() : "",
                founding);
    }

    /**
     * Blocks until it is known, and forces it to the disk.
     *
     * @throws HoldfastException the node can not get in as it is configured
     */
    Founding search(Prober prober) throws InterruptedException {
        int rounds = 0;
        while (true) {
            Map<NodeAddress, BootstrapView> answers = look(prober);
            BootstrapDecision decision = Bootstrap.decide(view(), answers, newUuid);
            Optional<Founding> found = decision.dispatchTo(new Answer());
            if (found.isPresent()) {
                identity.enter(UUID.fromString(found.get().clusterUuid()));
                return found.get();
            }
            pause(++rounds);
        }
    }

    void pause(int rounds) throws InterruptedException {
        Thread.sleep(timing.backoff()
                .before(rounds, () -> ThreadLocalRandom.current().nextLong())
                .toMillis());
    }

    /** One round of questions: who answers, what that tells of addresses and of this node's own session. */
    Map<NodeAddress, BootstrapView> look(Prober prober) throws InterruptedException {
        Map<NodeAddress, BootstrapView> views = new LinkedHashMap<>();
        for (Map.Entry<NodeAddress, ProbeAnswer> answer : prober.ask(list.all()).entrySet()) {
            if (isOfOurs(answer.getKey(), answer.getValue())) {
                views.put(answer.getKey(), answer.getValue().view());
                learn(answer.getKey(), answer.getValue());
            }
        }
        return views;
    }

    private void learn(NodeAddress at, ProbeAnswer answer) {
        if (answer.process().equals(process)) {
            listedAs = listedAs.isPresent() ? listedAs : Optional.of(at);
            return;
        }
        answer.voters().forEach(addresses::putIfAbsent);
        addresses.put(answer.view().node(), at);
        identity.heard(new Session(answer.sessionOfAsker()));
    }

    private boolean isOfOurs(NodeAddress at, ProbeAnswer answer) {
        if (answer.process().equals(process)) {
            return true;
        }
        String where = "address=" + at + ", node-name=" + answer.view().name();
        if (!answer.clusterName().equals(config.getClusterName())) {
            String problem = "A node of another cluster answers: " + where + ", cluster-name=" + answer.clusterName()
                    + ", here=" + config.getClusterName() + "; correct cluster-name or network.members";
            if (disk.founding().isEmpty()) {
                throw new HoldfastException(ErrorCode.CLUSTER_NAME_DIFFERS, problem);
            }
            waits.waits(problem, System.nanoTime());
            return false;
        }
        if (answer.view().node().equals(disk.node())) {
            throw new HoldfastException(
                    ErrorCode.MEMBERSHIP_REFUSED,
                    "A running node has the disk id of this one: " + where + ", disk-id=" + disk.node()
                            + "; this data directory is a copy of that node's: use an empty one");
        }
        if (answer.askerWasRemoved()) {
            throw new HoldfastException(
                    ErrorCode.MEMBERSHIP_REFUSED,
                    "This node has left the cluster, or was removed, and its votes and copies count no more: " + where
                            + ", disk-id=" + disk.node() + "; give it an empty data directory to have it join anew");
        }
        if (answer.minInSync() != config.getReplicationConfig().getMinInSync()) {
            throw minInSyncDiffers(config, answer.minInSync(), where);
        }
        return true;
    }

    static HoldfastException minInSyncDiffers(Config config, int there, String where) {
        return new HoldfastException(
                ErrorCode.MEMBERS_DISAGREE,
                "Members differ about replication.min-in-sync: " + there + " at " + where + ", "
                        + config.getReplicationConfig().getMinInSync() + " on " + config.getNodeName()
                        + "; give every member the same");
    }

    /** Where the others can reach this node. */
    NodeAddress announced() {
        return listedAs.or(list::listening)
                .orElseThrow(() -> new HoldfastException(
                        ErrorCode.MEMBERSHIP_REFUSED,
                        "Nobody could reach this node: network.host="
                                + config.getNetworkConfig().getHost()
                                + " is no address to announce, and none of network.members leads here; set network.host to"
                                + " an address of this machine, or list it"));
    }

    /** Whether the list says that this node votes. */
    boolean isListedVoter() {
        return list.voters().contains(announced());
    }

    /** Where other nodes were heard of. */
    Map<NodeId, NodeAddress> addresses() {
        return new TreeMap<>(addresses);
    }

    /** Carries a decision out as far as the disk goes. */
    private final class Answer implements BootstrapDecision.Handler<Optional<Founding>> {

        @Override
        public Optional<Founding> resume(BootstrapDecision.Resume decision) {
            return Optional.of(decision.founding());
        }

        @Override
        public Optional<Founding> make(BootstrapDecision.Make decision) {
            Founding founding = decision.founding();
            LOG.info(
                    "Founds the cluster: cluster={}, voters={}, partition-count={}, from data of its own={}",
                    founding.clusterUuid(),
                    founding.voters(),
                    founding.partitionCount(),
                    founding.origin().isPresent());
            return entered(founding);
        }

        @Override
        public Optional<Founding> startAsFounder(BootstrapDecision.StartAsFounder decision) {
            return entered(decision.founding());
        }

        @Override
        public Optional<Founding> join(BootstrapDecision.Join decision) {
            LOG.info("Joins the cluster: cluster={}", decision.founding().clusterUuid());
            return entered(decision.founding());
        }

        private Optional<Founding> entered(Founding founding) {
            disk.enter(founding);
            return Optional.of(founding);
        }

        @Override
        public Optional<Founding> await(BootstrapDecision.Wait decision) {
            waits.waits(decision.reason(), System.nanoTime());
            return Optional.empty();
        }

        @Override
        public Optional<Founding> refuse(BootstrapDecision.Refuse decision) {
            throw new HoldfastException(ErrorCode.MEMBERSHIP_REFUSED, decision.reason());
        }
    }
}
