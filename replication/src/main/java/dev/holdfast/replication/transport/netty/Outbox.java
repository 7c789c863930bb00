package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.SendResult;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.OutboundQueue;
import dev.holdfast.replication.transport.wire.PendingRequests;
import dev.holdfast.replication.transport.wire.PendingRequests.Pending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What waits for one peer, and the requests it has not answered. Filled by any thread, emptied by the link's. */
final class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final Peer peer;
    private final Engine engine;
    private final EventLoop loop;
    private final Runnable drain;
    private final LongConsumer cancel;
    private final PendingRequests pending;
    private final Deadlines deadlines;
    private final OutboundQueue<Outgoing> queue = new OutboundQueue<>(Outgoing::sizeBytes, this::discard);
    private final AtomicBoolean drainIsDue = new AtomicBoolean();

    private volatile boolean closed;
    private volatile long maxFrameBytes;
    private volatile String whyNot = "not connected yet";

    /**
     * @param drain asked for, on the loop, when something waits
     * @param cancel told, on the loop, of requests that were sent and whose answers nobody waits for any more
     */
    Outbox(Peer peer, Engine engine, EventLoop loop, Runnable drain, LongConsumer cancel) {
        this.peer = peer;
        this.engine = engine;
        this.loop = loop;
        this.drain = drain;
        this.cancel = cancel;
        this.maxFrameBytes = engine.settings.limits().maxFrameBytes();
        this.pending = new PendingRequests(engine.settings.limits().maxOutstanding());
        this.deadlines = new Deadlines(engine, loop, pending, "peer=" + peer);
        queue.open();
    }

    SendResult send(MessageKind kind, Body body) {
        SendResult refused = glance(FrameType.MESSAGE, kind, body);
        if (refused != SendResult.QUEUED) {
            return dropped(refused);
        }
        ByteBuf frame;
        try {
            frame = FrameWriter.frame(FrameType.MESSAGE, kind.code(), 0, body);
        } catch (RuntimeException e) {
            log.error("A message could not be encoded and was dropped: kind={}, peer={}", kind, peer, e);
            return dropped(SendResult.NOT_ENCODED);
        }
        return offer(kind, new Outgoing(frame, null));
    }

    CompletionStage<ByteBuffer> request(MessageKind kind, Body body, Duration timeout) {
        SendResult refused = glance(FrameType.REQUEST, kind, body);
        if (refused != SendResult.QUEUED) {
            return notSent(kind, dropped(refused));
        }
        long timeoutNanos = PendingRequests.timeoutNanos(timeout);
        long deadlineNanos = engine.nanoTime() + timeoutNanos;
        Pending request = pending.open(deadlineNanos);
        if (request == null) {
            return CompletableFuture.failedFuture(new RequestFailedException(
                    Outcome.NOT_SENT,
                    "Too many requests without an answer: peer=" + peer + ", network.max-outstanding="
                            + engine.settings.limits().maxOutstanding() + "; wait for some"));
        }
        try {
            ByteBuf frame = FrameWriter.request(
                    kind.code(), request.correlation(), body, TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
            SendResult result = offer(kind, new Outgoing(frame, request));
            if (result.isQueued()) {
                deadlines.include(deadlineNanos);
            } else {
                pending.fail(request, Outcome.NOT_SENT, why(kind, result));
            }
        } catch (RuntimeException e) {
            log.error("A request could not be encoded and was dropped: kind={}, peer={}", kind, peer, e);
            pending.fail(request, Outcome.NOT_SENT, why(kind, SendResult.NOT_ENCODED));
        }
        var unused = request.answer().whenComplete((answer, failure) -> completed(request));
        return request.answer();
    }

    /** Completed by who asked, if it is still among those that wait: it has given up. */
    private void completed(Pending request) {
        if (pending.take(request.correlation()) != null) {
            loop.execute(() -> {
                if (request.isSent()) {
                    cancel.accept(request.correlation());
                }
            });
        }
    }

    private SendResult glance(FrameType type, MessageKind kind, Body body) {
        if (closed) {
            return SendResult.CLOSED;
        }
        if (!kind.roles().contains(peer.role())) {
            return SendResult.NOT_ALLOWED;
        }
        long bytes = FrameWriter.totalBytes(type, body.sizeBytes());
        return bytes > maxFrameBytes ? SendResult.TOO_LARGE : queue.glance(kind, (int) bytes);
    }

    private SendResult offer(MessageKind kind, Outgoing outgoing) {
        SendResult result = queue.offer(kind, outgoing);
        if (!result.isQueued()) {
            outgoing.frame().release();
            return dropped(closed ? SendResult.CLOSED : result);
        }
        if (!drainIsDue.get() && drainIsDue.compareAndSet(false, true)) {
            loop.execute(drain);
        }
        return result;
    }

    private SendResult dropped(SendResult result) {
        engine.counters.dropped.increment();
        return result;
    }

    private CompletionStage<ByteBuffer> notSent(MessageKind kind, SendResult result) {
        return CompletableFuture.failedFuture(new RequestFailedException(Outcome.NOT_SENT, why(kind, result)));
    }

    private String why(MessageKind kind, SendResult result) {
        return "Not sent: peer=" + peer + ", kind=" + kind + ", result=" + result
                + (result == SendResult.NOT_CONNECTED ? ", cause=" + whyNot : "") + "; " + result.remedy();
    }

    private void discard(Outgoing outgoing) {
        engine.counters.dropped.increment();
        outgoing.frame().release();
        Pending request = outgoing.request();
        if (request != null) {
            pending.fail(request, Outcome.NOT_SENT, "Not sent: peer=" + peer + ", cause=" + whyNot + "; send it again");
        }
    }

    /** Before polling: from here on what is added asks for another drain. */
    void draining() {
        drainIsDue.set(false);
    }

    /** The next frame that is still wanted, and the caller's from here on; null if there is none. */
    @Nullable
    ByteBuf poll() {
        Outgoing next = queue.poll();
        while (next != null) {
            Pending request = next.request();
            boolean tooLate = request != null && request.answer().isDone();
            if (!tooLate && next.sizeBytes() <= maxFrameBytes) {
                if (request != null) {
                    request.markSent();
                }
                return next.frame();
            }
            discard(next);
            next = queue.poll();
        }
        return null;
    }

    List<MessageKind> takeRelieved() {
        return queue.takeRelieved();
    }

    void answered(long correlation, ByteBuffer body) {
        Pending request = pending.take(correlation);
        if (request != null) {
            ByteBuffer copy = ByteBuffer.allocate(body.remaining()).put(body).flip();
            request.answer().complete(copy);
        }
    }

    void failed(long correlation, ByteBuffer body) {
        Pending request = pending.take(correlation);
        if (request != null) {
            Failures.complete(request, peer, body);
        }
    }

    /** Takes things in, for a connection that is being made. */
    void open() {
        if (!closed) {
            queue.open();
        }
    }

    /** Of what the other side takes. */
    void limitFrames(int bytes) {
        maxFrameBytes = bytes;
    }

    /** Drops what waits, fails what is not answered, takes nothing in until it is opened. */
    void lose(String why) {
        whyNot = why;
        queue.close();
        pending.failAll("Connection lost: peer=" + peer + ", cause=" + why);
    }

    /** Takes nothing in any more; what waits stays. */
    void refuseAll() {
        closed = true;
    }

    /** Nobody waits for answers any more. */
    void forgetAnswers(String why) {
        pending.failAll("Closed: peer=" + peer + ", cause=" + why);
    }
}
