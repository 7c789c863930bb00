package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ClusterNode;
import dev.holdfast.node.assembly.ClusterTiming;
import dev.holdfast.node.assembly.NodeSurroundings;
import dev.holdfast.replication.transport.PeerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster of a test leaves behind: nothing, whatever went wrong. */
class ClusterEndTest {

    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path folder;

    /** A client whose close fails. */
    private record Broken() implements HoldfastInstance {
        @Override
        public String getName() {
            return "broken";
        }

        @Override
        public DurableExecutorService getDurableExecutorService(String name) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public Cluster getCluster() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start() {}

        @Override
        public void close() {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void membersAreKilledAlsoIfTheClientCanNotBeClosed() {
        HoldfastCluster cluster = new HoldfastCluster(HoldfastCluster.of(1), addresses -> new Broken());
        cluster.startAll();
        HoldfastInstance member = cluster.node(0);
        assertThat(cluster.client().getName()).isEqualTo("broken");
        assertThatThrownBy(cluster::close).hasMessage("broken");
        assertThatThrownBy(() -> member.getDurableExecutorService("a").submit(new Nothing()))
                .as("it is gone")
                .isInstanceOf(RuntimeException.class);
        assertThat(cluster.directory()).doesNotExist();
        cluster.close(); // which does nothing now
    }

    @Test
    void aClusterThatIsClosedOnAnInterruptedThreadLeavesNothing() {
        int portsBefore = Ports.given();
        HoldfastCluster cluster = HoldfastCluster.of(2).partitions(2).start();
        List<HoldfastInstance> members = List.of(cluster.node(0), cluster.node(1));
        Thread.currentThread().interrupt();
        try {
            cluster.close();
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
        assertThat(members)
                .allSatisfy(member -> assertThatThrownBy(() -> member.getDurableExecutorService("a"))
                        .as("it is gone")
                        .isInstanceOf(RuntimeException.class));
        assertThat(cluster.directory()).doesNotExist();
        assertThat(Ports.given()).isEqualTo(portsBefore);
    }

    @Test
    void whoDoesNotRunIsNotWaitedFor() {
        try (HoldfastCluster cluster =
                HoldfastCluster.of(1).partitions(1).durability(0).start()) {
            assertThat(cluster.primaryOfPartition(0)).isZero();
            assertThatThrownBy(() -> cluster.awaitHealthy(Duration.ofSeconds(1), 0, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("node=1", "[RUNNING]");
            cluster.kill(0);
            assertThatThrownBy(cluster::awaitHealthy)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("[DOWN]");
            assertThatThrownBy(() -> cluster.awaitHealthy(Duration.ofSeconds(1), 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("[DOWN]");
            assertThatThrownBy(() -> cluster.primaryOfPartition(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("[DOWN]");
        }
    }

    /** The other waits for it, and would do so for a minute and a half. */
    @Test
    void theMemberThatFailsToStartIsTheOneThatIsTold() throws Exception {
        Files.createFile(folder.resolve("node-1")); // where its directory should be
        long startNanos = System.nanoTime();
        assertThatThrownBy(() -> HoldfastCluster.of(2).directory(folder).start().close())
                .hasMessageContaining("node-1")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .anySatisfy(below -> assertThat(below)
                                .hasMessageContaining("are kept")
                                .hasMessageContaining(folder.toString())));
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(80));
    }

    private record Nothing() implements dev.holdfast.DurableCallable<String> {
        @Override
        public String call() {
            return "";
        }
    }

    @Test
    void aMemberThatIsKilledWhileItBeginsIsGoneOnceItHas() throws Exception {
        PeerAddress address = new PeerAddress("127.0.0.1", Ports.free());
        Config config = HoldfastCluster.of(1).config(0, folder, address, List.of(address.toString()));
        CountDownLatch begins = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        NodeSurroundings around =
                new NodeSurroundings(ClusterTiming.QUICK, InstantSource.system(), UnaryOperator.identity());
        MemberHere member = new MemberHere(config, around, (its, surroundings) -> {
            begins.countDown();
            awaitQuietly(mayGoOn);
            return ClusterNode.start(its, surroundings);
        });
        CompletableFuture<Void> begun = CompletableFuture.runAsync(member::begin);
        assertThat(begins.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        member.kill();
        mayGoOn.countDown();
        assertThatThrownBy(() -> begun.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("killed while it began");
        MemberHere next = new MemberHere(config, around);
        next.begin(); // the directory and the port are free
        next.kill();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
