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
     * @param timeLeft until nobody waits for the answer any more, as of when it was sent
     * @return the answer, from any thread
     */
    CompletionStage<? extends Body> onRequest(Caller from, ByteBuffer body, Duration timeLeft);
}
