package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.storage.log.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Three replicas through messages lost, repeated and out of order, slow disks, a control plane that forgets its answers,
 * crashes with and without the page cache, and hand-overs. {@link TestCluster} checks after every step; afterwards everything
 * heals, and they have to agree.
 */
class RandomWalkTest {

    private static final int WALKS = Integer.getInteger("holdfast.walks", 150);
    private static final long FIRST = Long.getLong("holdfast.seed", 1);
    private static final int STEPS = 1_500;

    private int takeOvers;
    private int truncations;
    private int commits;
    private int checkpoints;
    private int handOvers;
    private int quarantines;

    @Test
    void whateverHappensWhatIsCommittedStays() {
        for (long seed = FIRST; seed < FIRST + WALKS; seed++) {
            Walk walk = new Walk(seed);
            try {
                walk.go();
            } catch (AssertionError | RuntimeException e) {
                fail("seed=" + seed + ": " + e.getMessage() + "\n" + String.join("\n", walk.cluster.trace), e);
            }
        }
        assertThat(takeOvers).as("take-overs").isGreaterThan(WALKS);
        assertThat(commits).as("commits").isGreaterThan(10 * WALKS);
        assertThat(truncations).as("truncations").isPositive();
        assertThat(checkpoints).as("checkpoints installed").isPositive();
        assertThat(handOvers).as("hand-overs").isPositive();
        assertThat(quarantines).as("quarantines").isZero();
    }

    private final class Walk {
        private final SplittableRandom random;
        private final TestCluster cluster;
        private int submitted;

        Walk(long seed) {
            random = new SplittableRandom(seed);
            List<String> names = List.of("a", "b", "c");
            cluster = TestCluster.of(seed % 3 == 0, names, names);
            cluster.nodes.forEach(node -> node.clockOffsetNanos = random.nextLong());
            cluster.minInSync = seed % 2 == 0 ? 2 : 1;
        }

        void go() {
            cluster.nodes.forEach(node -> node.start(false));
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            heal();
            cluster.nodes.forEach(this::count);
        }

        private void step() {
            int dice = random.nextInt(1_000);
            TestNode node = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
            if (dice < 450) {
                message();
            } else if (dice < 700) {
                node.answer();
            } else if (dice < 780) {
                tick(node);
            } else if (dice < 860) {
                submit(node);
            } else if (dice < 930) {
                controlPlane(node);
            } else if (dice < 970) {
                cluster.pass(Duration.ofMillis(random.nextInt(1, 200)));
                cluster.nodes.forEach(this::tick);
            } else if (dice < 985) {
                process(node);
            } else if (dice < 990 && node.isUp()) {
                node.step(new Input.ClockJumped());
            } else if (dice < 995) {
                checkpoint(node);
            } else {
                handOver(node);
            }
        }

        private void tick(TestNode node) {
            if (node.isUp()) {
                node.step(new Input.Tick());
            }
        }

        private void message() {
            if (cluster.queue.isEmpty()) {
                return;
            }
            // Mostly in order: on a connection nothing overtakes.
            int which = random.nextInt(10) == 0 ? random.nextInt(cluster.queue.size()) : 0;
            TestCluster.Envelope envelope =
                    random.nextInt(20) == 0 ? cluster.queue.get(which) : cluster.queue.remove(which);
            if (random.nextInt(20) != 0) {
                cluster.deliver(envelope);
            }
            if (cluster.queue.size() > 200) {
                cluster.queue.subList(0, 100).clear();
            }
        }

        private void submit(TestNode node) {
            if (node.isUp()) {
                node.submit("t" + submitted++);
            }
        }

        private void controlPlane(TestNode node) {
            TestTable.Mood[] moods = {
                TestTable.Mood.ANSWERS, TestTable.Mood.ANSWERS, TestTable.Mood.FORGETS_THE_ANSWER, TestTable.Mood.LOSES
            };
            cluster.table.mood = moods[random.nextInt(moods.length)];
            if (!cluster.table.waiting.isEmpty()) {
                cluster.decide();
            }
            if (node.isUp() && random.nextBoolean()) {
                node.step(new Input.RowApplied(cluster.table.row, cluster.terms()));
            }
        }

        private void process(TestNode node) {
            if (!node.isUp()) {
                node.start(node.lossy);
            } else if (random.nextInt(3) == 0) {
                crash(node);
            }
        }

        private void crash(TestNode node) {
            boolean losesCache = random.nextInt(3) == 0 && mayLose(node);
            cluster.crash(node, losesCache);
            if (random.nextBoolean()) {
                cluster.refuseConnections(node);
            }
            cluster.check();
        }

        /** One is lost at a time, and until it is back in sync. */
        private boolean mayLose(TestNode node) {
            return cluster.nodes.stream()
                    .filter(other -> other != node)
                    .filter(other -> cluster.table.row.inSync().contains(other.id)
                            || cluster.table.row.eligible().contains(other.id))
                    .noneMatch(other -> other.lossy);
        }

        private void checkpoint(TestNode node) {
            if (node.isUp()) {
                Lsn committed = node.replica().committed();
                if (committed.value() > node.disk.base().lsn().value() + 10) {
                    node.checkpoint(committed);
                }
            }
        }

        private void handOver(TestNode node) {
            if (node.isUp()) {
                TestNode target = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
                node.step(new Input.HandOver(target.id, HandOverKind.BALANCE));
            }
        }

        private void heal() {
            cluster.table.mood = TestTable.Mood.ANSWERS;
            cluster.nodes.stream().filter(node -> !node.isUp()).forEach(node -> node.start(node.lossy));
            cluster.run(Duration.ofSeconds(2));
            cluster.spreadRow();
            cluster.run(Duration.ofSeconds(15));
            TestNode primary = cluster.nodes.stream()
                    .filter(TestNode::mayServe)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nobody serves: " + cluster.table.row));
            primary.submit("last");
            cluster.run(Duration.ofSeconds(1));
            assertThat(cluster.table.row.inSync()).hasSize(3);
            for (TestNode node : cluster.nodes) {
                assertThat(node.committedNames())
                        .as(node + " " + cluster.table.row)
                        .isEqualTo(primary.committedNames())
                        .endsWith("last");
            }
        }

        private void count(TestNode node) {
            takeOvers += node.said(Output.BecomePrimary.class).size();
            truncations += node.said(Output.Truncate.class).size();
            commits += node.said(Output.AdvanceCommit.class).size();
            checkpoints += node.said(Output.InstallCheckpoint.class).size();
            quarantines += node.said(Output.Quarantine.class).size();
            handOvers += (int) node.said(Output.BecomePrimary.class).stream()
                    .filter(each -> each.how() == TakeOver.HAND_OVER)
                    .count();
        }
    }
}
