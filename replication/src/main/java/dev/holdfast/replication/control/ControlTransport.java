package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests of the control plane between nodes; what is in them is the control plane's own business. Each request
 * may arrive late, twice or never; the answer likewise.
 *
 * <p>Thread-safe.
 */
public interface ControlTransport {

    /** No request and no answer is larger. */
    int MAX_BYTES = 4 * 1024 * 1024;

    /**
     * Sends a request. Never blocks and never throws.
     *
     * @param deadline after which the stage fails at the latest
     * @return the answer, or a failure: the peer is not reached, did not answer in time, has no handler, or too much is on
     *     the way to it already. The peer may have done what was asked all the same. Completes on any thread, which must not
     *     be held up.
     */
    CompletionStage<byte[]> request(NodeId peer, byte[] request, Duration deadline);

    /** Tells where a node may be found; of several addresses for one node the last ones told count. */
    void learn(NodeId peer, List<NodeAddress> addresses);

    /** Sets who answers, from now on; null for nobody. Requests that arrive before are refused. */
    void answerWith(@Nullable Handler handler);

    /** Answers requests. Called on a thread of the transport, which must not be held up. */
    interface Handler {

        /**
         * Answers.
         *
         * @param from who asks, as the transport has authenticated it
         * @return the answer; a failure is passed on as its message, at most
         */
        CompletionStage<byte[]> answer(NodeId from, byte[] request);
    }
}
