package dev.holdfast.replication.transport;

import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.wire.FailureCode;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.HandshakeRules;
import dev.holdfast.replication.transport.wire.OutboundQueue;
import dev.holdfast.replication.transport.wire.PendingRequests;
import dev.holdfast.replication.transport.wire.PendingRequests.Pending;
import dev.holdfast.replication.transport.wire.RefusedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What goes to one peer; its state belongs to the thread of its node. */
final class LoopbackLink {

    private record Item(int kind, byte[] body, @Nullable Pending request, Duration timeout) {}

    private final LoopbackTransport node;
    private final Peer peer;
    private final PendingRequests pending;
    private final OutboundQueue<Item> queue = new OutboundQueue<>(item -> item.body.length, this::discard);
    private volatile @Nullable LoopbackCaller connection;
    private final ConcurrentHashMap<Long, CompletableFuture<?>> asked = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private int failures = 1;
    private @Nullable Identity last;
    private boolean lastIsKnownGone;

    LoopbackLink(LoopbackTransport node, Peer peer) {
        this.node = node;
        this.peer = peer;
        this.pending = new PendingRequests(node.settings.limits().maxOutstanding());
        queue.open();
        node.later(Duration.ZERO, this::connect);
    }

    Optional<Identity> remote() {
        LoopbackCaller current = connection;
        return current == null ? Optional.empty() : Optional.of(current.callee.self(peer.role()));
    }

    static byte[] bytesOf(Body body) {
        ByteBuffer bytes = ByteBuffer.allocate(body.sizeBytes());
        body.writeTo(bytes);
        if (bytes.hasRemaining()) {
            throw new IllegalStateException("A body wrote less than it said: left=" + bytes.remaining());
        }
        return bytes.array();
    }

    SendResult send(MessageKind kind, Body body) {
        SendResult refused = check(kind, body);
        return refused != SendResult.QUEUED ? refused : enqueue(kind, body, null, Duration.ZERO);
    }

    CompletionStage<ByteBuffer> request(MessageKind kind, Body body, Duration timeout) {
        SendResult refused = check(kind, body);
        if (refused != SendResult.QUEUED) {
            return LoopbackTransport.notSent(refused);
        }
        Duration time = Duration.ofNanos(PendingRequests.timeoutNanos(timeout));
        Pending request = pending.open(node.surroundings.nanoClock().getAsLong() + time.toNanos());
        if (request == null) {
            return CompletableFuture.failedFuture(new RequestFailedException(
                    Outcome.NOT_SENT,
                    "Too many: network.max-outstanding="
                            + node.settings.limits().maxOutstanding() + "; wait for some"));
        }
        SendResult result = enqueue(kind, body, request, time);
        if (result.isQueued()) {
            node.later(
                    time,
                    () -> pending.failExpired(node.surroundings.nanoClock().getAsLong(), "peer=" + peer));
        } else {
            pending.fail(request, Outcome.NOT_SENT, "Not sent: result=" + result + "; " + result.remedy());
        }
        var unused = request.answer().whenComplete((answer, failure) -> completed(request));
        return request.answer();
    }

    private void completed(Pending request) {
        if (pending.take(request.correlation()) != null) {
            node.later(Duration.ZERO, () -> cancel(request.correlation()));
        }
    }

    private void cancel(long correlation) {
        CompletableFuture<?> future = asked.remove(correlation);
        if (future != null) {
            future.cancel(false);
        }
    }

    private void lose(String why) {
        queue.close();
        pending.failAll(why);
        asked.keySet().forEach(this::cancel);
    }

    private SendResult check(MessageKind kind, Body body) {
        if (closed) {
            return SendResult.CLOSED;
        }
        if (!kind.roles().contains(peer.role())) {
            return SendResult.NOT_ALLOWED;
        }
        return Frame.HEADER_BYTES + body.sizeBytes() > node.settings.limits().maxFrameBytes()
                ? SendResult.TOO_LARGE
                : SendResult.QUEUED;
    }

    private SendResult enqueue(MessageKind kind, Body body, @Nullable Pending request, Duration timeout) {
        byte[] bytes;
        try {
            bytes = bytesOf(body);
        } catch (RuntimeException e) {
            return SendResult.NOT_ENCODED;
        }
        SendResult result = queue.offer(kind, new Item(kind.code(), bytes, request, timeout));
        if (result.isQueued()) {
            drainSoon();
        } else {
            node.dropped.increment();
        }
        return result;
    }

    private void discard(Item item) {
        node.dropped.increment();
        if (item.request != null) {
            pending.fail(item.request, Outcome.NOT_SENT, "Not sent: peer=" + peer + "; send it again");
        }
    }

    void drainSoon() {
        node.later(Duration.ZERO, this::drain);
    }

    private void drain() {
        LoopbackCaller to = connection;
        while (to != null && !to.isPaused()) {
            Item item = queue.poll();
            if (item == null) {
                break;
            }
            if (item.request != null && item.request.answer().isDone()) {
                continue;
            }
            node.countSent();
            boolean lost = node.network.isCut(
                    node.self(peer.role()).node(), to.identityOfCallee().node());
            if (item.request != null) {
                item.request.markSent();
                ask(to, item, item.request, lost);
            } else if (!lost && !to.take(item.kind, item.body)) {
                hungUp(to, "not allowed");
                break;
            }
            to = connection;
        }
        queue.takeRelieved().forEach(kind -> node.tell(listener -> listener.writable(peer, kind)));
    }

    private void ask(LoopbackCaller to, Item item, Pending request, boolean lost) {
        if (!lost) {
            CompletableFuture<?> future = to.ask(item.kind, item.body, item.timeout, new LoopbackCaller.Answer() {
                @Override
                public void is(byte[] bytes) {
                    if (arrives(to) && pending.take(request.correlation()) != null) {
                        request.answer().complete(ByteBuffer.wrap(bytes));
                    }
                }

                @Override
                public void failed(FailureCode code, String why) {
                    if (arrives(to)) {
                        pending.fail(request, code.outcome(), "Request failed: peer=" + peer + ", cause=" + why);
                    }
                }
            });
            if (!future.isDone()) {
                asked.put(request.correlation(), future);
            }
        }
    }

    private boolean arrives(LoopbackCaller from) {
        return !node.network.isCut(
                from.identityOfCallee().node(), node.self(peer.role()).node());
    }

    private void connect() {
        if (closed || connection != null) {
            return;
        }
        queue.open();
        Optional<LoopbackTransport> there = node.network.at(peer.address());
        if (there.isEmpty()) {
            Identity known = last;
            if (known != null && !lastIsKnownGone) {
                lastIsKnownGone = true;
                node.tell(listener -> listener.gone(peer, known));
            }
            node.tell(listener -> listener.unreachable(peer, "nobody listens: address=" + peer.address()));
            again();
            return;
        }
        LoopbackCaller made = null;
        try {
            Identity self = node.self(peer.role());
            made = there.get().admit(self, node.settings.versions(), this);
            Identity remote = there.get().self(peer.role());
            HandshakeRules.checkExpected(peer, remote.node());
            HandshakeRules.check(self, remote.as(Role.PEER), node.sessions, Admission.OF_ALL, Optional.empty());
            connected(made, remote);
        } catch (RefusedException e) {
            node.tell(listener -> listener.refused(peer, e.refusal()));
            if (made != null) {
                made.callee.ended(made);
            }
            again();
        }
    }

    private void connected(LoopbackCaller made, Identity remote) {
        connection = made;
        last = remote;
        lastIsKnownGone = false;
        failures = 1;
        node.observe(remote.as(Role.PEER));
        node.tell(listener -> listener.connected(peer, remote));
        drain();
    }

    private void again() {
        lose("Connection lost: peer=" + peer);
        node.later(node.settings.times().backoff().before(failures++, node.surroundings.random()), this::connect);
    }

    /** Any thread. */
    void hungUp(LoopbackCaller who, String why) {
        node.later(Duration.ZERO, () -> {
            Identity remote = last;
            if (connection == who && remote != null) {
                connection = null;
                who.callee.ended(who);
                lose("Connection lost: peer=" + peer + ", cause=" + why);
                node.tell(listener -> listener.lost(peer, remote, why));
                connect();
            }
        });
    }

    void endIfOlderThan(Identity seen) {
        LoopbackCaller current = connection;
        Identity remote = last;
        if (current != null
                && remote != null
                && remote.node().equals(seen.node())
                && remote.session() < seen.session()) {
            hungUp(current, "a newer process uses the same disk");
        }
    }

    /** What waits still goes out. */
    void close() {
        closed = true;
        node.executor.execute(() -> {
            drain();
            LoopbackCaller current = connection;
            Identity remote = last;
            connection = null;
            lose("Closed: peer=" + peer);
            if (current != null && remote != null) {
                current.callee.ended(current);
                node.tell(listener -> listener.lost(peer, remote, "disconnected"));
            }
        });
    }
}
