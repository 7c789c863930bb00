package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.MessageHandler;
import dev.holdfast.replication.transport.RequestHandler;
import dev.holdfast.replication.transport.wire.FailureCode;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.HandshakeCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what comes in by one connection to who takes it, and the answers to its replies. */
final class Desk {

    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    private final Engine engine;
    private final Accepted caller;
    private final Replies replies;
    private final AtomicInteger unanswered = new AtomicInteger();
    /** The requests whose answers take their time, by correlation. */
    private final ConcurrentHashMap<Long, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();

    Desk(Engine engine, Accepted caller, Replies replies) {
        this.engine = engine;
        this.caller = caller;
        this.replies = replies;
    }

    /** @return what was wrong about a message that may not be sent here; null if nothing was */
    @Nullable
    String take(int kind, ByteBuffer body) {
        Inbound.Entry entry = engine.surroundings.inbound().entry(kind);
        MessageHandler handler = entry == null ? null : entry.messages();
        if (entry == null || handler == null) {
            // A newer member may say what we do not understand yet, and then does not count on it.
            log.debug("A message that nobody takes: kind={}, from={}", kind, caller.identity());
            engine.counters.dropped.increment();
            return null;
        }
        if (!entry.kind().roles().contains(caller.identity().role())) {
            return notAllowed(entry);
        }
        try {
            handler.onMessage(caller, body);
        } catch (RuntimeException e) {
            log.error("A handler failed: kind={}, from={}", entry.kind(), caller.identity(), e);
        }
        return null;
    }

    private String notAllowed(Inbound.Entry entry) {
        return "Not allowed: kind=" + entry.kind() + ", role="
                + caller.identity().role() + ", allowed are " + entry.kind().roles()
                + "; connect in one of these roles";
    }

    void answer(int kind, long correlation, ByteBuffer body) {
        Inbound.Entry entry = engine.surroundings.inbound().entry(kind);
        RequestHandler handler = entry == null ? null : entry.requests();
        if (entry == null || handler == null) {
            fail(
                    correlation,
                    FailureCode.UNKNOWN_KIND,
                    "Nobody answers this: kind=" + kind + "; is the node an older version?");
        } else if (!entry.kind().roles().contains(caller.identity().role())) {
            fail(correlation, FailureCode.NOT_ALLOWED, notAllowed(entry));
        } else if (unanswered.incrementAndGet() > engine.settings.limits().maxOutstanding()) {
            unanswered.decrementAndGet();
            fail(
                    correlation,
                    FailureCode.TOO_MANY,
                    "Too many requests without an answer: network.max-outstanding="
                            + engine.settings.limits().maxOutstanding() + "; wait for some");
        } else {
            handle(handler, correlation, body);
        }
    }

    private void handle(RequestHandler handler, long correlation, ByteBuffer body) {
        Duration timeLeft = Duration.ofMillis(body.getInt() & 0xFFFF_FFFFL);
        CompletionStage<? extends Body> answer;
        CompletableFuture<?> future;
        try {
            answer = handler.onRequest(caller, body.slice(), timeLeft);
            future = answer.toCompletableFuture();
        } catch (RuntimeException e) {
            done(correlation, null, e);
            return;
        }
        if (!future.isDone()) {
            waiting.put(correlation, future);
        }
        answer.whenComplete((value, failure) -> {
            waiting.remove(correlation, future);
            done(correlation, value, failure);
        });
    }

    /** On the connection's thread: nobody waits for this answer any more. */
    void cancel(long correlation) {
        CompletableFuture<?> future = waiting.get(correlation);
        if (future != null) {
            future.cancel(false);
        }
    }

    /** On the connection's thread, at its end: nobody waits for any. */
    void cancelAll() {
        waiting.values().forEach(future -> future.cancel(false));
    }

    private void done(long correlation, @Nullable Body answer, @Nullable Throwable failure) {
        unanswered.decrementAndGet();
        if (answer == null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            fail(correlation, FailureCode.FAILED, String.valueOf(cause));
            return;
        }
        try {
            long bytes = FrameWriter.totalBytes(FrameType.ANSWER, answer.sizeBytes());
            if (bytes > caller.maxFrameBytes()) {
                fail(
                        correlation,
                        FailureCode.ANSWER_TOO_LARGE,
                        "The answer is too large: bytes=" + bytes + ", network.max-frame of who asks="
                                + caller.maxFrameBytes() + "; ask for less at once");
            } else {
                replies.add(FrameWriter.frame(FrameType.ANSWER, 0, correlation, answer));
            }
        } catch (RuntimeException e) {
            log.error("An answer could not be encoded: to={}", caller.identity(), e);
            fail(correlation, FailureCode.FAILED, "The answer could not be encoded: cause=" + e);
        }
    }

    private void fail(long correlation, FailureCode code, String message) {
        replies.add(FrameWriter.frame(FrameType.FAILURE, 0, correlation, HandshakeCodec.encode(code, message)));
    }
}
