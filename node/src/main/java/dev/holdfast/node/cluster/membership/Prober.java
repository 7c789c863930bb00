package dev.holdfast.node.cluster.membership;

import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks nodes who they are before there is a cluster, and answers whoever asks, for as long as the node lives. It asks as a
 * client does, for whom no session counts: a node whose disk was put back learns in this way which session it is to claim, and
 * as a member it would be sent away. Any thread.
 */
final class Prober implements AutoCloseable {

    /** Who are you, and which cluster are you of? Small, and before anybody is known. */
    static final MessageKind PROBE = MessageKind.of(23, "bootstrap", Role.CLIENT, Role.CONTROL, Role.PEER);

    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final long GRACE_MS = 500;

    private final Transport transport;
    private final Inbound inbound;
    private final Duration patience;
    private final Map<NodeAddress, Peer> asked = new ConcurrentHashMap<>();

    /** @param answers what is said to whom; called by threads of the network */
    Prober(Transport transport, Inbound inbound, Duration patience, Function<Caller, ProbeAnswer> answers) {
        this.transport = transport;
        this.inbound = inbound;
        this.patience = patience;
        inbound.onRequest(
                PROBE,
                (from, body, timeLeft) -> CompletableFuture.completedFuture(
                        Body.of(answers.apply(from).encode())));
    }

    /** Asks all of them at once; who does not answer in time is left out. */
    Map<NodeAddress, ProbeAnswer> ask(Collection<NodeAddress> addresses) throws InterruptedException {
        Map<NodeAddress, CompletableFuture<ProbeAnswer>> questions = new LinkedHashMap<>();
        for (NodeAddress address : addresses) {
            Peer peer = asked.computeIfAbsent(address, one -> Peer.at(MemberList.toDial(one), Role.CLIENT));
            questions.put(
                    address,
                    transport
                            .request(peer, PROBE, Body.EMPTY, patience)
                            .thenApply(Prober::decode)
                            .toCompletableFuture());
        }
        Map<NodeAddress, ProbeAnswer> answers = new LinkedHashMap<>();
        for (Map.Entry<NodeAddress, CompletableFuture<ProbeAnswer>> question : questions.entrySet()) {
            try {
                answers.put(
                        question.getKey(),
                        question.getValue().get(patience.toMillis() + GRACE_MS, TimeUnit.MILLISECONDS));
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("No answer to a probe: address={}", question.getKey(), e);
            }
        }
        return answers;
    }

    private static ProbeAnswer decode(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        try {
            return ProbeAnswer.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new CompletionException(e);
        }
    }

    /** Ends the connections that were made for asking; goes on answering. */
    void rest() {
        asked.values().forEach(transport::disconnect);
        asked.clear();
    }

    /** Answers nobody any more. */
    @Override
    public void close() {
        inbound.remove(PROBE);
        rest();
    }
}
