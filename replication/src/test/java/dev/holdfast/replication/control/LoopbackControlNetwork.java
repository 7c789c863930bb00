package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A network within the process. Nodes can be killed, which their peers notice at once, or silenced, which they do not; and what one says
 * to another can get lost.
 */
public final class LoopbackControlNetwork implements AutoCloseable {

    private static final int MAX_UNDER_WAY = 1_024;

    private final Map<NodeId, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Set<NodeId> killed = ConcurrentHashMap.newKeySet();
    private final Set<NodeId> silent = ConcurrentHashMap.newKeySet();
    private final Set<Way> cut = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "loopback");
        thread.setDaemon(true);
        return thread;
    });

    private record Way(NodeId from, NodeId to) {}

    /** The transport of a node; the same one always. */
    public ControlTransport of(NodeId node) {
        return endpoints.computeIfAbsent(node, Endpoint::new);
    }

    /** Nothing reaches the node or comes from it, and whoever asks it is refused at once. */
    public void kill(NodeId node) {
        killed.add(node);
    }

    /** Nothing reaches the node or comes from it, and whoever asks it waits in vain. */
    public void silence(NodeId node) {
        silent.add(node);
    }

    /** Nothing gets through in that direction, be it a question or an answer; the other way is as it was. */
    public void cut(NodeId from, NodeId to) {
        cut.add(new Way(from, to));
    }

    public void heal(NodeId node) {
        killed.remove(node);
        silent.remove(node);
        cut.removeIf(way -> way.from().equals(node) || way.to().equals(node));
    }

    private boolean isLost(NodeId from, NodeId to) {
        return silent.contains(from) || silent.contains(to) || cut.contains(new Way(from, to));
    }

    @Override
    public void close() throws InterruptedException {
        threads.shutdownNow();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Threads of the network have not ended");
        }
    }

    private final class Endpoint implements ControlTransport {

        private final NodeId self;
        private final AtomicInteger underWay = new AtomicInteger();
        private volatile @Nullable Handler handler;

        Endpoint(NodeId self) {
            this.self = self;
        }

        @Override
        public CompletionStage<byte[]> request(NodeId peer, byte[] request, Duration deadline) {
            Endpoint to = endpoints.get(peer);
            if (to == null || killed.contains(peer) || killed.contains(self) || threads.isShutdown()) {
                return CompletableFuture.failedFuture(new IOException("Not reached: peer=" + peer));
            }
            if (request.length > MAX_BYTES || to.underWay.get() >= MAX_UNDER_WAY) {
                return CompletableFuture.failedFuture(
                        new IOException("Too much: peer=" + peer + ", bytes=" + request.length));
            }
            to.underWay.incrementAndGet();
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            threads.execute(() -> deliver(to, request.clone(), answer));
            return answer.orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
                    .whenComplete((done, failure) -> to.underWay.decrementAndGet());
        }

        private void deliver(Endpoint to, byte[] request, CompletableFuture<byte[]> answer) {
            Handler there = to.handler;
            if (isLost(self, to.self)) {
                return;
            }
            if (there == null) {
                answer.completeExceptionally(new IOException("Nobody answers: peer=" + to.self));
                return;
            }
            var unused = there.answer(self, request).whenComplete((done, failure) -> {
                if (isLost(to.self, self)) {
                    return;
                }
                if (failure != null) {
                    answer.completeExceptionally(new IOException(failure.toString()));
                } else {
                    answer.complete(done);
                }
            });
        }

        @Override
        public void learn(NodeId peer, List<NodeAddress> addresses) {}

        @Override
        public void answerWith(@Nullable Handler next) {
            handler = next;
        }
    }
}
