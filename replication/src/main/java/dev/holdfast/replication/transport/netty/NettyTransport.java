package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.SendResult;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.TransportStats;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport that a node runs on. */
public final class NettyTransport implements Transport {

    private static final Logger log = LoggerFactory.getLogger(NettyTransport.class);

    private final Engine engine;
    private final ConcurrentHashMap<Peer, Link> links = new ConcurrentHashMap<>();
    private volatile Optional<Listener> listener = Optional.empty();
    private volatile boolean closed;

    private NettyTransport(TransportSettings settings, Surroundings surroundings) {
        this.engine = new Engine(settings, surroundings, this::endOlderThan);
        try {
            this.listener = settings.listen().map(address -> Listener.open(engine, address));
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Listens, if it is to, and is ready. May look a host name up, and waits for that.
     *
     * @throws IllegalStateException if it can not listen at the address
     * @throws IllegalArgumentException if the address needs TLS and has none, or TLS can not be set up
     */
    public static NettyTransport start(TransportSettings settings, Surroundings surroundings) {
        return new NettyTransport(settings, surroundings);
    }

    @Override
    public Optional<PeerAddress> address() {
        return listener.map(Listener::address);
    }

    /** Shows each of its threads, on which nothing is to wait but in a test. */
    public void eachThread(Consumer<Executor> visitor) {
        engine.loops.each(visitor);
    }

    @Override
    public void connect(Peer peer) {
        link(peer);
    }

    @Override
    public void disconnect(Peer peer) {
        Link link = links.remove(peer);
        if (link != null) {
            var unused = link.close("disconnected", false);
        }
    }

    @Override
    public Optional<Identity> connected(Peer peer) {
        Link link = links.get(peer);
        return link == null ? Optional.empty() : link.remote();
    }

    @Override
    public SendResult send(Peer peer, MessageKind kind, Body body) {
        Link link = link(peer);
        return link == null ? noLink() : link.outbox().send(kind, body);
    }

    @Override
    public CompletionStage<ByteBuffer> request(Peer peer, MessageKind kind, Body body, Duration timeout) {
        Link link = link(peer);
        if (link == null) {
            SendResult result = noLink();
            return CompletableFuture.failedFuture(new RequestFailedException(
                    Outcome.NOT_SENT,
                    "Not sent: peer=" + peer + ", kind=" + kind + ", result=" + result + "; " + result.remedy()));
        }
        return link.outbox().request(kind, body, timeout);
    }

    private SendResult noLink() {
        engine.counters.dropped.increment();
        return closed ? SendResult.CLOSED : SendResult.TOO_MANY_PEERS;
    }

    private @Nullable Link link(Peer peer) {
        Link known = links.get(peer);
        if (known != null) {
            return known;
        }
        synchronized (links) {
            if (closed
                    || (!links.containsKey(peer)
                            && links.size() >= engine.settings.limits().maxPeers())) {
                return null;
            }
            return links.computeIfAbsent(peer, one -> new Link(one, engine, engine.loops.of(one)));
        }
    }

    private void endOlderThan(Identity seen) {
        links.values().forEach(link -> link.endIfOlderThan(seen));
        listener.ifPresent(open -> open.endOlderThan(seen)); // who connects while it is being opened finds none
    }

    @Override
    public TransportStats stats() {
        return engine.counters.sum();
    }

    @Override
    public void close() {
        engine.loops.refuseOwnThread();
        synchronized (links) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        links.values().forEach(link -> ends.add(link.close("the transport is closed", true)));
        listener.ifPresent(open -> ends.addAll(open.close()));
        await(ends);
        engine.close();
    }

    /** What is not over by then the end of the loops cuts off. */
    private void await(List<CompletableFuture<Void>> ends) {
        CompletableFuture<Void> all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
        Duration grace = engine.settings.times().closeGrace();
        try {
            all.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.info("Connections cut off, for they did not end in time: limit={}", grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A connection failed to end: cause=" + e.getCause(), e);
        }
    }
}
