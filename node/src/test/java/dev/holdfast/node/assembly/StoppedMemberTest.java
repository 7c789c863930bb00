package dev.holdfast.node.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Cluster;
import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.config.Config;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.cluster.membership.FreePorts;
import dev.holdfast.node.remote.ClusterReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member whose disk fails: its process goes on, and for the others it is lost. */
@Timeout(120)
class StoppedMemberTest {

    private static final int PARTITIONS = 4;
    private static final String EXECUTOR = "work";

    @TempDir
    Path directory;

    private final List<Integer> ports = FreePorts.of(3);
    private final List<ClusterNode> nodes = new ArrayList<>();

    private static volatile CountDownLatch gate = new CountDownLatch(0);

    /** Ends once it may. */
    record Gated(String token) implements DurableCallable<String> {
        @Override
        public String call() throws Exception {
            gate.await();
            return token;
        }
    }

    @BeforeEach
    void start() throws Exception {
        gate = new CountDownLatch(1);
        List<CompletableFuture<ClusterNode>> starting = IntStream.range(0, 3)
                .mapToObj(number -> CompletableFuture.supplyAsync(() -> ClusterNode.start(
                        config(number),
                        new NodeSurroundings(ClusterTiming.QUICK, InstantSource.system(), UnaryOperator.identity()))))
                .toList();
        for (CompletableFuture<ClusterNode> each : starting) {
            nodes.add(each.get(60, TimeUnit.SECONDS));
        }
        await().untilAsserted(
                        () -> assertThat(nodes.get(0).getCluster().partitions()).allMatch(Cluster.Partition::serving));
    }

    @AfterEach
    void close() {
        gate.countDown();
        nodes.parallelStream().forEach(ClusterNode::kill);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(20));
    }

    private Config config(int number) {
        Config config = new Config().setNodeName("node-" + number).setPartitionCount(PARTITIONS);
        config.getStorageConfig()
                .setDirectory(directory.resolve("node-" + number))
                .setSync(SyncPolicy.ALWAYS);
        config.getReplicationConfig().setReplaceAfter(Duration.ofSeconds(1));
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(ports.get(number))
                .setMembers(FreePorts.addresses(ports));
        config.getSerializationConfig().addAllowedClasses("dev.holdfast.node.assembly.*");
        return config.validate();
    }

    /** Its whole log of agreement is on the same disk: it may not stay its leader. */
    @Test
    void aMemberWhoseDiskFailsWhileItLeadsIsLostToTheOthersAndSaysWhy() throws Exception {
        ClusterNode failing = leader();
        List<ClusterNode> others =
                nodes.stream().filter(node -> node != failing).toList();
        DurableExecutorService executor = others.get(0).getDurableExecutorService(EXECUTOR);
        Map<String, DurableExecutorServiceFuture<String>> waiting = new LinkedHashMap<>();
        for (int i = 0; i < 2 * PARTITIONS; i++) {
            waiting.put("t" + i, executor.submitToKeyOwner(new Gated("t" + i), "key-" + i));
        }

        failing.stopServing(new IOException("Input/output error, of the test"));

        await().untilAsserted(() -> assertThat(others.get(0).getCluster().partitions())
                .allMatch(
                        partition -> partition.serving() && !partition.primary().equals(failing.getName())));
        gate.countDown();
        for (Map.Entry<String, DurableExecutorServiceFuture<String>> each : waiting.entrySet()) {
            assertThat(each.getValue().get(40, TimeUnit.SECONDS)).isEqualTo(each.getKey());
        }
        assertThat(executor.submit(new Gated("after")).get(40, TimeUnit.SECONDS))
                .isEqualTo("after");
        assertThatThrownBy(() -> failing.getDurableExecutorService(EXECUTOR)).hasMessageContaining("[HF-0503]");
        String id = failing.membership().self().diskId();
        await().untilAsserted(() -> assertThat(report(others.get(0)).partitions())
                .allMatch(copies -> !copies.replicas().contains(id)));
        assertThat(report(others.get(0)).member(id))
                .hasValueSatisfying(
                        member -> assertThat(member.problem()).contains("[HF-0503]", "its disk failed", "of the test"));
        assertThat(report(failing).member(id))
                .hasValueSatisfying(member -> assertThat(member.problem()).contains("of the test"));
    }

    private ClusterNode leader() {
        return await().until(
                        () -> nodes.stream()
                                .filter(node -> node.membership()
                                        .leader()
                                        .filter(node.membership().self()::equals)
                                        .isPresent())
                                .findFirst()
                                .orElse(null),
                        node -> node != null);
    }

    private ClusterReport report(ClusterNode node) throws IOException {
        return AdminClient.connect(directory.resolve(node.getName())).report();
    }
}
