package dev.holdfast.replication.transport;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Answers requests of one kind; they begin in the order they were sent and may be answered in any. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Must not block: called by a thread of the network that others wait for. What it throws, and what the stage fails with,
     * is told to the caller in words.
     *
     * @param body big endian; gone when this returns, so copy what is to stay
     * @param timeLeft until nobody waits for the answer any more, as of when it was asked, by a clock that began then
     * @return the answer, from any thread. A {@code CompletableFuture} is cancelled, on a thread of the network, when who asked
     *     gives up or its connection ends; so return one that nobody else waits for.
     */
    CompletionStage<? extends Body> onRequest(Caller from, ByteBuffer body, Duration timeLeft);
}
