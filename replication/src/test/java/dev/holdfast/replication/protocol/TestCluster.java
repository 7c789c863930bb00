package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.TestTable.Asked;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Several replicas of one partition by hand: messages wait in a queue, disks answer when asked to, time stands still. After
 * every step it is checked that the committed prefix neither shrinks nor changes, that one node commits in an epoch, that at
 * most one serves, and that whoever could be elected has everything that is committed.
 */
final class TestCluster {

    static final ReplicaTiming TIMING = ReplicaTiming.of(Duration.ofMillis(100), Duration.ofSeconds(1));
    static final ReplicaLimits LIMITS = new ReplicaLimits(8, 10_000, 1_000);
    private static final Duration STEP = Duration.ofMillis(50);

    record Envelope(TestNode from, Session session, NodeId to, Message message) {}

    final TestTable table;
    final List<TestNode> nodes = new ArrayList<>();
    final List<Envelope> queue = new ArrayList<>();
    int minInSync = 1;
    Optional<Epoch> recovery = Optional.empty();

    /** Messages that get lost. */
    Predicate<Envelope> lost = envelope -> false;

    /** Nodes that the control plane does not reach. */
    Predicate<TestNode> isolated = node -> false;

    /** The last steps, for whoever has to understand a failure. */
    final Deque<String> trace = new ArrayDeque<>();

    private final SortedMap<Lsn, TestDisk.Entry> committed = new TreeMap<>();
    private final Map<Epoch, NodeId> committers = new TreeMap<>();
    private long nowNanos = 1_000_000_000L;

    private TestCluster(TestTable table) {
        this.table = table;
    }

    static TestCluster of(String... names) {
        return of(false, List.of(names), List.of(names));
    }

    static TestCluster forcing(String... names) {
        return of(true, List.of(names), List.of(names));
    }

    static TestCluster of(boolean always, List<String> names, List<String> inSync) {
        TestCluster cluster = new TestCluster(new TestTable(
                names.stream().map(NodeId::new).toList(),
                inSync.stream().map(NodeId::new).toList()));
        names.forEach(name -> cluster.nodes.add(new TestNode(cluster, name, always)));
        return cluster;
    }

    /** All running, the first one primary and serving. */
    TestCluster started() {
        nodes.forEach(node -> node.start(false));
        run(Duration.ofMillis(500));
        assertThat(node("a").mayServe()).as("a serves").isTrue();
        return this;
    }

    TestNode node(String name) {
        return nodes.stream()
                .filter(each -> each.id.diskId().equals(name))
                .findFirst()
                .orElseThrow();
    }

    TestNode add(String name) {
        TestNode node = new TestNode(this, name, false);
        nodes.add(node);
        List<NodeId> replicas = new ArrayList<>(table.row.replicas());
        replicas.add(node.id);
        table.replicas(replicas);
        node.start(false);
        spreadRow();
        return node;
    }

    /** As the control table does: lowered, nobody is eligible any more. */
    void changeMinInSync(int next) {
        if (next < minInSync) {
            table.nobodyIsEligible();
        }
        minInSync = next;
        spreadRow();
    }

    TableTerms terms() {
        return new TableTerms(minInSync, recovery);
    }

    long nowNanos() {
        return nowNanos;
    }

    void send(TestNode from, NodeId to, Message message) {
        queue.add(new Envelope(from, from.session, to, message));
    }

    void trace(String line) {
        trace.add(line);
        if (trace.size() > 200) {
            trace.remove();
        }
    }

    void propose(Asked asked) {
        table.waiting.add(asked);
    }

    /** The control plane decides on the oldest proposal that waits. */
    void decide() {
        Asked asked = table.waiting.remove();
        boolean reached = !isolated.test(asked.by()) && table.mood != TestTable.Mood.LOSES;
        boolean applied = reached && table.compareAndSet(asked.proposal());
        if (applied) {
            review();
        }
        check();
        ProposalId id = asked.proposal().id();
        if (!reached || table.mood == TestTable.Mood.FORGETS_THE_ANSWER) {
            tell(asked.by(), new Input.ProposalIndeterminate(id));
        } else if (applied) {
            tell(asked.by(), new Input.ProposalConfirmed(id, asked.proposal().next()));
        } else {
            tell(asked.by(), new Input.ProposalConflict(id, table.row));
        }
    }

    private void tell(TestNode node, Input input) {
        if (node.isUp()) {
            node.step(input);
        }
    }

    void spreadRow() {
        nodes.stream()
                .filter(node -> !isolated.test(node))
                .forEach(node -> tell(node, new Input.RowApplied(table.row, terms())));
    }

    /** Everything that waits happens, until nothing does; the time stays. */
    void settle() {
        for (int i = 0; i < 10_000 && once(); i++) {
            assertThat(i).as("steps without an end").isLessThan(9_999);
        }
    }

    private boolean once() {
        boolean happened = false;
        for (TestNode node : nodes) {
            while (!node.diskIsSlow && node.answer()) {
                happened = true;
            }
        }
        if (!queue.isEmpty()) {
            deliver(queue.remove(0));
            happened = true;
        }
        if (table.mood != TestTable.Mood.WAITS && !table.waiting.isEmpty()) {
            RowVersion before = table.row.version();
            decide();
            if (!table.row.version().equals(before) && table.mood == TestTable.Mood.ANSWERS) {
                spreadRow();
            }
            happened = true;
        }
        return happened;
    }

    void deliver(Envelope envelope) {
        if (!lost.test(envelope)) {
            nodes.stream()
                    .filter(node -> node.id.equals(envelope.to()) && node.isUp())
                    .forEach(node ->
                            node.step(new Input.Received(envelope.from().id, envelope.session(), envelope.message())));
        }
    }

    /** Time passes, everything happens in it. */
    void run(Duration duration) {
        settle();
        for (long spent = 0; spent < duration.toNanos(); spent += STEP.toNanos()) {
            pass(STEP);
            nodes.forEach(node -> tell(node, new Input.Tick()));
            settle();
        }
    }

    /** Time passes, nothing happens in it. */
    void pass(Duration duration) {
        nowNanos += duration.toNanos();
        check();
    }

    void crash(TestNode node, boolean losePageCache) {
        trace(node + " crashes, page cache " + (losePageCache ? "lost" : "kept"));
        node.stop();
        if (losePageCache) {
            node.disk.losePageCache();
            node.lossy = true;
        }
    }

    /** Everybody learns that nobody answers where {@code node} was. */
    void refuseConnections(TestNode node) {
        nodes.stream()
                .filter(other -> other != node)
                .forEach(other -> tell(other, new Input.PeerGone(node.id, node.session)));
    }

    void committed(TestNode by, Lsn upTo) {
        Lsn known = committed.isEmpty() ? Lsn.NONE : committed.lastKey();
        for (Lsn lsn = by.disk.base().lsn().next(); lsn.compareTo(upTo) <= 0; lsn = lsn.next()) {
            TestDisk.Entry entry = by.disk.entry(lsn).orElseThrow();
            if (lsn.compareTo(known) > 0) {
                assertThat(by.replica().isPrimary()).as("%s commits first", by).isTrue();
                committed.put(lsn, entry);
            }
            assertThat(entry).as("committed at %s, as %s has it", lsn, by).isEqualTo(committed.get(lsn));
        }
        if (upTo.compareTo(known) > 0) {
            Epoch epoch = by.replica().epoch();
            assertThat(committers.computeIfAbsent(epoch, each -> by.id))
                    .as("who commits in epoch %s", epoch)
                    .isEqualTo(by.id);
        }
    }

    Lsn committed() {
        return committed.isEmpty() ? Lsn.NONE : committed.lastKey();
    }

    /** Who comes into sync has everything, unless it died, and lost it, before the change named it in that session. */
    private void review() {
        boolean changed = table.rows.size() > 1;
        PartitionRow before = changed ? table.rows.get(table.rows.size() - 2) : table.row;
        nodes.stream()
                .filter(node -> node.isUp()
                        && table.row.inSync().contains(node.id)
                        && (!before.inSync().contains(node.id) || table.row.isPrimary(node.id)))
                .forEach(node -> {
                    node.lossy = false;
                    node.emptied = false;
                });
    }

    void check() {
        assertThat(nodes.stream().filter(TestNode::mayServe))
                .as("who serves at %s", nowNanos)
                .hasSizeLessThan(2);
        TestDisk.Entry last = committed.get(committed());
        for (TestNode node : nodes) {
            boolean only =
                    TableView.standsAlone(table.row) && table.row.inSync().contains(node.id);
            boolean electable =
                    table.row.inSync().contains(node.id) || table.row.eligible().contains(node.id);
            if (electable && (!node.lossy || only) && !node.emptied && last != null) {
                assertThat(node.disk.end().lsn())
                        .as("end of the log of %s, who could be elected by %s", node, table.row)
                        .isGreaterThanOrEqualTo(last.end().lsn());
                assertThat(node.disk.at(last.end().lsn()))
                        .as("what %s has at %s", node, last.end().lsn())
                        .isEqualTo(last.end());
            }
        }
    }
}
