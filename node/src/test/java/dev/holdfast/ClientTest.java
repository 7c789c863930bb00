package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.assembly.ServedNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClientTest {

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private ServedNode node(String name) {
        Config config = new Config().setNodeName(name).setPartitionCount(2).setShutdownGrace(Duration.ofMillis(100));
        config.getStorageConfig().setDirectory(directory.resolve(name));
        HoldfastInstance node = Holdfast.newInstance(config);
        open.add(node);
        ServedNode served = new ServedNode(node);
        open.add(served);
        return served;
    }

    private HoldfastInstance client(ServedNode... nodes) {
        return client(new ClientConfig().getMaxOutstanding(), nodes);
    }

    private HoldfastInstance client(int maxOutstanding, ServedNode... nodes) {
        ClientConfig config = new ClientConfig()
                .setMembers(List.of(nodes).stream()
                        .map(node -> node.address().toString())
                        .toList())
                .setMaxOutstanding(maxOutstanding)
                .setRequestTimeout(Duration.ofSeconds(20));
        config.getSerializationConfig().addAllowedClasses("dev.holdfast.**");
        HoldfastInstance client = Holdfast.newClient(config);
        open.add(client);
        return client;
    }

    private static DurableCallable<String> answer(String text) {
        return () -> text;
    }

    @Test
    void aClientSeesTheCluster() {
        ServedNode a = node("a");
        HoldfastInstance client = client(a);
        Cluster cluster = client.getCluster();
        assertThat(cluster.members())
                .containsExactly(
                        new Cluster.Member("a", a.id().diskId(), a.address().toString(), false));
        assertThat(cluster.localMember().local()).isTrue();
        assertThat(cluster.localMember().name()).isEqualTo(client.getName()).startsWith("client-");
        assertThat(cluster.partitions())
                .containsExactly(new Cluster.Partition(0, "a", true, null), new Cluster.Partition(1, "a", true, null));
        assertThat(cluster.partitionOf("jobs", "k"))
                .isEqualTo(a.node.getCluster().partitionOf("jobs", "k"));
        a.tell(ServedNode.tableOf(2, List.of(a), ""));
        await().untilAsserted(() -> assertThat(cluster.partitions())
                .allMatch(partition -> !partition.serving() && partition.problem() != null));
    }

    /** A wait is asked for again now and then; in a crowd, of which one is enough here, after half a second. */
    @Test
    void whoWaitedBeforeADisposeIsGivenTheResultHoweverOftenTheWaitIsRenewed() throws Exception {
        DurableExecutorService service = client(3, node("a")).getDurableExecutorService("jobs");
        Gate gate = Gate.closed();
        long id = service.submit(gate.then("x")).getTaskId();
        DurableExecutorServiceFuture<String> before = service.retrieveResult(id);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> !before.isDone());
        service.disposeResult(id);
        await().during(Duration.ofSeconds(2)).until(() -> !before.isDone());
        gate.open();
        assertThat(before.get(10, SECONDS)).isEqualTo("x");
    }

    @Test
    void aClientFollowsPartitionsToTheirNewLeader() throws Exception {
        ServedNode a = node("a");
        ServedNode b = node("b");
        a.tell(ServedNode.tableOf(2, List.of(a, b), a.id().diskId()));
        b.tell(a.table());
        HoldfastInstance client = client(a);
        DurableExecutorService service = client.getDurableExecutorService("jobs");
        assertThat(service.submit(answer("by a")).get(10, SECONDS)).isEqualTo("by a");
        for (int partition = 0; partition < 2; partition++) {
            a.leads(partition, false);
        }
        a.tell(ServedNode.tableOf(3, List.of(a, b), b.id().diskId()));
        DurableExecutorServiceFuture<String> future = service.submit(answer("by b"));
        assertThat(future.get(10, SECONDS)).isEqualTo("by b");
        assertThat(service.getTask(future.getTaskId()).orElseThrow().node()).isEqualTo("b");
        assertThat(b.node.getDurableExecutorService("jobs").tasks(TaskQuery.all()))
                .hasSize(1);
        a.close(); // who told the table is gone: another is asked
        b.tell(ServedNode.tableOf(4, List.of(b), b.id().diskId()));
        await().untilAsserted(() ->
                assertThat(client.getCluster().members()).extracting("name").containsExactly("b"));
        assertThat(service.submit(answer("by b again")).get(10, SECONDS)).isEqualTo("by b again");
    }

    @Test
    void whoIsNotReachedIsNamed() {
        ClientConfig config =
                new ClientConfig().setMembers(List.of("127.0.0.1:1")).setRequestTimeout(Duration.ofSeconds(1));
        assertThatThrownBy(() -> Holdfast.newClient(config))
                .isInstanceOf(HoldfastException.class)
                .has(code(ErrorCode.CLUSTER_NOT_REACHED))
                .hasMessageContainingAll("127.0.0.1:1", "cluster-name=dev", "request-timeout=PT1S");
    }

    @Test
    void anotherClusterIsNotListenedTo() {
        ServedNode a = node("a");
        ClientConfig config = new ClientConfig()
                .setClusterName("other")
                .setMembers(List.of(a.address().toString()))
                .setRequestTimeout(Duration.ofSeconds(1));
        assertThatThrownBy(() -> Holdfast.newClient(config))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("another cluster", "cluster-name=dev", "configured=other");
        assertThatThrownBy(() -> Holdfast.newClient(new ClientConfig().setMembers(List.of())))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aClosedClientRefusesAndItsThreadsEnd() throws Exception {
        ServedNode a = node("a");
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        HoldfastInstance client = client(a);
        DurableExecutorService service = client.getDurableExecutorService("jobs");
        Gate gate = Gate.closed();
        DurableExecutorServiceFuture<String> waits = service.submit(gate.then("x"));
        DurableExecutorServiceFuture<String> retrieved = service.retrieveResult(waits.getTaskId());
        client.close();
        client.close();
        gate.open();
        assertThatThrownBy(() -> retrieved.get(10, SECONDS)).hasMessageContaining("closed");
        assertThatThrownBy(() -> service.submit(answer("late"))).hasMessageContaining("closed");
        assertThatThrownBy(() -> client.getDurableExecutorService("jobs")).isInstanceOf(IllegalStateException.class);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread) && thread.isAlive())
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("holdfast-net")
                                || name.startsWith("holdfast-call")
                                || name.startsWith("holdfast-timer"))
                        .collect(Collectors.toSet()))
                .noneMatch(name -> name.startsWith("holdfast-call")));
        assertThat(a.node.getDurableExecutorService("jobs")
                        .retrieveResult(waits.getTaskId())
                        .get(10, SECONDS))
                .isEqualTo("x");
    }
}
