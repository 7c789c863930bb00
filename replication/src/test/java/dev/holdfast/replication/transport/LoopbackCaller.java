package dev.holdfast.replication.transport;

import dev.holdfast.replication.transport.wire.FailureCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a connection at who was connected to. Handlers run on the thread of who connected. */
final class LoopbackCaller implements Caller {

    /** Its one thread carries what must not wait, too. */
    @Override
    public boolean afterRead(Runnable work) {
        return false;
    }

    private static final Logger log = LoggerFactory.getLogger(LoopbackCaller.class);

    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    /** Told what became of a request; on any thread. */
    interface Answer {
        void is(byte[] bytes);

        void failed(FailureCode code, String why);
    }

    final LoopbackTransport callee;
    final int version;
    private final LoopbackLink link;
    private final Identity identity;
    private volatile boolean paused;

    LoopbackCaller(LoopbackTransport callee, LoopbackLink link, Identity identity, int version) {
        this.callee = callee;
        this.link = link;
        this.identity = identity;
        this.version = version;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public Optional<String> principal() {
        return Optional.empty();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        link.drainSoon();
    }

    Identity identityOfCallee() {
        return callee.self(identity.role());
    }

    boolean isPaused() {
        return paused;
    }

    void hangUp(String why) {
        link.hungUp(this, why);
    }

    /** @return whether the connection goes on */
    boolean take(int kind, byte[] body) {
        Inbound.Entry entry = callee.surroundings.inbound().entry(kind);
        MessageHandler handler = entry == null ? null : entry.messages();
        if (entry == null || handler == null) {
            return true;
        }
        if (!entry.kind().roles().contains(identity.role())) {
            return false;
        }
        callee.delivered.increment();
        try {
            handler.onMessage(this, ByteBuffer.wrap(body));
        } catch (RuntimeException e) {
            log.error("A handler failed: kind={}, from={}", entry.kind(), identity, e);
        }
        return true;
    }

    /** @return what is cancelled when nobody waits any more */
    CompletableFuture<?> ask(int kind, byte[] body, Duration timeLeft, Answer answer) {
        Inbound.Entry entry = callee.surroundings.inbound().entry(kind);
        RequestHandler handler = entry == null ? null : entry.requests();
        if (entry == null || handler == null) {
            answer.failed(FailureCode.UNKNOWN_KIND, "kind=" + kind);
            return NOTHING;
        }
        if (!entry.kind().roles().contains(identity.role())) {
            answer.failed(FailureCode.NOT_ALLOWED, "kind=" + kind + ", role=" + identity.role());
            return NOTHING;
        }
        callee.delivered.increment();
        CompletionStage<? extends Body> stage;
        try {
            stage = handler.onRequest(this, ByteBuffer.wrap(body), timeLeft);
        } catch (RuntimeException e) {
            answer.failed(FailureCode.FAILED, e.toString());
            return NOTHING;
        }
        stage.whenComplete((value, failure) -> answer(answer, value, failure));
        return stage.toCompletableFuture();
    }

    private static void answer(Answer answer, @Nullable Body value, @Nullable Throwable failure) {
        if (value == null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            answer.failed(FailureCode.FAILED, String.valueOf(cause));
            return;
        }
        answer.is(LoopbackLink.bytesOf(value));
    }
}
