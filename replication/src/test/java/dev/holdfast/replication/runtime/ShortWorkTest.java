package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.transport.netty.NettyTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the threads of the network do for replicas themselves, and what comes of it where the disk stands still. */
class ShortWorkTest {

    private final ShellCluster cluster = new ShellCluster(NettyTransport::start, Controls.local(), "a", "b", "c");
    private final List<String> names = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        cluster.close();
    }

    private static ReplicatedGroup group(ShellNode primary) {
        return Objects.requireNonNull(primary.serving());
    }

    @Test
    void littleThatComesIsAppendedByTheThreadThatReadItAndMuchByAWorker() {
        Queue<String> appending = new ConcurrentLinkedQueue<>();
        names.addAll(cluster.submit(5));
        ShellNode backup = cluster.others(cluster.awaitPrimary()).get(0);
        backup.trouble.before(
                "appendCopy", () -> appending.add(Thread.currentThread().getName()));
        ShellCluster.await().until(() -> {
            names.addAll(cluster.submit(1));
            cluster.awaitEqual(names);
            return appending.stream().anyMatch(name -> name.startsWith("holdfast-net-"));
        });
        ShellCluster.await().until(() -> {
            names.addAll(cluster.submit(50));
            return appending.stream().anyMatch(name -> name.startsWith("holdfast-replica-"));
        });
        cluster.awaitEqual(names);
    }

    @Test
    void whereTheDiskStandsStillSignsOfLifeAreAnsweredAndNothingIsLost() {
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
        ShellNode primary = cluster.awaitPrimary();
        ShellNode stuck = cluster.others(primary).get(0);
        Queue<String> standing = new ConcurrentLinkedQueue<>();
        stuck.trouble.before("appendCopy", () -> {
            standing.add(Thread.currentThread().getName());
            released.await();
        });
        var unused = group(primary).append(List.of(ShellCluster.task(999)));
        names.add("task-999");
        ShellCluster.await().until(() -> !standing.isEmpty());
        AtomicInteger answers = new AtomicInteger();
        cluster.watch((node, message) -> {
            if (node == stuck && message instanceof Message.BeaconAck) {
                answers.incrementAndGet();
            }
        });
        ShellCluster.await().until(() -> answers.get() >= 5);
        assertThat(released.getCount()).as("it stands still yet: %s", standing).isOne();
        stuck.trouble.over();
        released.countDown();
        names.addAll(cluster.submit(10));
        cluster.awaitEqual(names);
    }
}
