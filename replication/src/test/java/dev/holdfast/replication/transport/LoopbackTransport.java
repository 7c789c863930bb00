package dev.holdfast.replication.transport;

import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.wire.HandshakeRules;
import dev.holdfast.replication.transport.wire.RefusedException;
import dev.holdfast.replication.transport.wire.Sessions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** One node of a {@link LoopbackNetwork}, with a thread of its own. */
final class LoopbackTransport implements Transport {

    private static final AtomicInteger THREADS = new AtomicInteger();

    final LoopbackNetwork network;
    final TransportSettings settings;
    final Surroundings surroundings;
    final Sessions sessions = new Sessions();
    final LongAdder delivered = new LongAdder();
    final LongAdder dropped = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final Optional<PeerAddress> address;
    private final ConcurrentHashMap<Peer, LoopbackLink> links = new ConcurrentHashMap<>();
    private final Set<LoopbackCaller> accepted = ConcurrentHashMap.newKeySet();
    final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, LoopbackTransport::newThread);
    private volatile boolean closed;

    LoopbackTransport(
            LoopbackNetwork network,
            TransportSettings settings,
            Surroundings surroundings,
            Optional<PeerAddress> address) {
        this.network = network;
        this.settings = settings;
        this.surroundings = surroundings;
        this.address = address;
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
        var unused = sessions.observe(self(Role.PEER));
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "holdfast-net-loopback-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    Identity self(Role role) {
        return surroundings.self().get().as(role);
    }

    void tell(Consumer<ConnectionListener> event) {
        event.accept(surroundings.listener());
    }

    /** Has {@code work} done by this node's thread; not any more once it is closed. */
    void later(Duration delay, Runnable work) {
        if (!executor.isShutdown()) {
            var unused = executor.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public Optional<PeerAddress> address() {
        return address;
    }

    @Override
    public void connect(Peer peer) {
        link(peer);
    }

    @Override
    public void disconnect(Peer peer) {
        LoopbackLink link = links.remove(peer);
        if (link != null) {
            link.close();
        }
    }

    @Override
    public Optional<Identity> connected(Peer peer) {
        return Optional.ofNullable(links.get(peer)).flatMap(LoopbackLink::remote);
    }

    @Override
    public SendResult send(Peer peer, MessageKind kind, Body body) {
        return link(peer).map(link -> link.send(kind, body)).orElseGet(this::noLink);
    }

    @Override
    public CompletionStage<ByteBuffer> request(Peer peer, MessageKind kind, Body body, Duration timeout) {
        return link(peer).map(link -> link.request(kind, body, timeout)).orElseGet(() -> notSent(noLink()));
    }

    private SendResult noLink() {
        dropped.increment();
        return closed ? SendResult.CLOSED : SendResult.TOO_MANY_PEERS;
    }

    static CompletionStage<ByteBuffer> notSent(SendResult why) {
        return CompletableFuture.failedFuture(
                new RequestFailedException(Outcome.NOT_SENT, "Not sent: result=" + why + "; " + why.remedy()));
    }

    private synchronized Optional<LoopbackLink> link(Peer peer) {
        LoopbackLink known = links.get(peer);
        if (known != null) {
            return Optional.of(known);
        }
        if (closed || links.size() >= settings.limits().maxPeers()) {
            return Optional.empty();
        }
        LoopbackLink link = new LoopbackLink(this, peer);
        links.put(peer, link);
        return Optional.of(link);
    }

    /** Called by who connects, on its thread. */
    LoopbackCaller admit(Identity who, TransportSettings.Versions spoken, LoopbackLink link) throws RefusedException {
        int version = HandshakeRules.version(settings.versions(), spoken, "node-name=" + who.name());
        HandshakeRules.check(self(who.role()), who, sessions, surroundings.admission(), Optional.empty());
        observe(who);
        LoopbackCaller caller = new LoopbackCaller(this, link, who, version);
        accepted.add(caller);
        tell(listener -> listener.accepted(caller));
        return caller;
    }

    void ended(LoopbackCaller caller) {
        if (accepted.remove(caller)) {
            tell(listener -> listener.ended(caller));
        }
    }

    void observe(Identity seen) {
        sessions.observe(seen).ifPresent(known -> {
            tell(listener -> listener.newerSession(known, seen));
            links.values().forEach(link -> link.endIfOlderThan(seen));
            accepted.stream()
                    .filter(caller -> caller.identity().node().equals(seen.node())
                            && caller.identity().session() < seen.session())
                    .forEach(caller -> caller.hangUp("a newer process uses the same disk"));
        });
    }

    void countSent() {
        sent.increment();
    }

    @Override
    public TransportStats stats() {
        return new TransportStats(sent.sum(), delivered.sum(), dropped.sum(), 0, links.size(), accepted.size());
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        address.ifPresent(where -> network.stopListening(where, this));
        links.values().forEach(LoopbackLink::close);
        accepted.forEach(caller -> caller.hangUp("the transport is closed"));
        executor.shutdown();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A handler blocks: node=" + self(Role.PEER));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
