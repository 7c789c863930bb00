package dev.holdfast.node.remote;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the console asks a member over the network what {@link ClusterReport} says. It tells, and changes nothing. */
public final class ClusterInquiry {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterInquiry.class);

    private ClusterInquiry() {}

    /** Answers from here on. {@code report} is called on threads of the network, and must not block. */
    public static void answer(Inbound inbound, Supplier<ClusterReport> report) {
        inbound.onRequest(
                Kinds.REPORT,
                (from, body, timeLeft) -> CompletableFuture.completedFuture(
                        Answer.here(0, out -> ClusterReport.write(out, report.get()))));
    }

    public static void stopAnswering(Inbound inbound) {
        inbound.remove(Kinds.REPORT);
    }

    /**
     * Names of executors on all members that are seen. Blocks, for at most {@code atMost}: who does not answer by then is left out.
     *
     * @param transport of a member or a client
     * @param report whose members are asked, but for the one that made it
     */
    public static SortedSet<String> executors(Transport transport, ClusterReport report, Duration atMost) {
        SortedSet<String> names = new TreeSet<>(report.executors());
        List<CompletableFuture<ByteBuffer>> answers = report.members().stream()
                .filter(member -> member.present() && !member.id().equals(report.node()))
                .map(member -> Peer.of(new NodeId(member.id()), PeerAddress.parse(member.address()), Role.ADMIN))
                .map(peer -> transport
                        .request(peer, Kinds.REPORT, Body.EMPTY, atMost)
                        .toCompletableFuture())
                .toList();
        for (CompletableFuture<ByteBuffer> answer : answers) {
            try {
                if (Answer.read(answer.get(), ClusterReport::read) instanceof Answer.Here<ClusterReport> here) {
                    names.addAll(here.content().executors());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return names;
            } catch (ExecutionException | MalformedMessageException e) {
                LOG.debug("A member did not tell its executors", e);
            }
        }
        return names;
    }

    /**
     * What the first of the members that answers has to say. Blocks, for at most {@code each} per member.
     *
     * @param config whom to ask, and how to connect; validated
     * @throws HoldfastException none answers
     * @throws IllegalArgumentException one is no address or needs TLS, or TLS can not be set up
     */
    public static ClusterReport ask(ClientConfig config, Duration each) {
        List<Peer> peers = config.getMembers().stream()
                .map(address -> Peer.at(PeerAddress.parse(address), Role.ADMIN))
                .toList();
        UUID id = UUID.randomUUID();
        Identity self = new Identity(Optional.empty(), Role.ADMIN, new NodeId(id.toString()), 0, "console");
        List<String> problems = new ArrayList<>();
        try (Transport transport = NettyTransport.start(
                TransportSettings.of(config), Surroundings.of(() -> self, new Inbound(), ConnectionListener.NONE))) {
            for (Peer peer : peers) {
                try {
                    ByteBuffer bytes = transport
                            .request(peer, Kinds.REPORT, Body.EMPTY, each)
                            .toCompletableFuture()
                            .get();
                    if (Answer.read(bytes, ClusterReport::read) instanceof Answer.Here<ClusterReport> here) {
                        return here.content();
                    }
                    problems.add(peer.address() + ": it did not answer with a report");
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    problems.add(peer.address() + ": " + cause.getMessage());
                } catch (MalformedMessageException e) {
                    problems.add(peer.address() + ": " + e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.add("interrupted");
        }
        throw new HoldfastException(
                ErrorCode.CLUSTER_NOT_REACHED,
                "No member answers: " + String.join("; ", problems)
                        + "; look whether a member runs there, and is open to the console");
    }
}
