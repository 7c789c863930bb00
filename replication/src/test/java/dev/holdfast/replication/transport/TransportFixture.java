package dev.holdfast.replication.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.TransportSettings.Limits;
import dev.holdfast.replication.transport.TransportSettings.Times;
import dev.holdfast.replication.transport.TransportSettings.Versions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;

/** Nodes that talk over the transport under test, and what tests of it need. */
public abstract class TransportFixture {

    protected static final MessageKind NOTE = MessageKind.of(10, "note", Role.PEER, Role.CONTROL, Role.TABLE);
    protected static final MessageKind QUESTION = MessageKind.of(11, "question", Role.PEER, Role.CLIENT);
    protected static final MessageKind ADMIN_ONLY = MessageKind.of(12, "admin-only", Role.ADMIN);
    protected static final UUID CLUSTER = new UUID(1, 2);
    protected static final PeerAddress ANY_PORT = new PeerAddress("127.0.0.1", 0);
    protected static final Duration LONG = Duration.ofSeconds(20);
    protected static final int MAX_FRAME = 1024 * 1024;

    private final List<TestNode> nodes = new ArrayList<>();

    /** A transport of the kind under test. */
    protected abstract Transport start(TransportSettings settings, Surroundings surroundings);

    /** One of them, with what it took in and what it was told. */
    public static final class TestNode {
        public final Inbound inbound = new Inbound();
        public final Events events = new Events();
        public final Identity identity;
        public final Transport transport;

        private TestNode(Identity identity, BiFunction<Inbound, Events, Transport> start) {
            this.identity = identity;
            this.transport = start.apply(inbound, events);
        }

        public Peer as(Role role) {
            return Peer.at(transport.address().orElseThrow(), role);
        }
    }

    protected static Identity identity(String name, long session) {
        return new Identity(Optional.of(CLUSTER), Role.PEER, new NodeId("disk-" + name), session, name);
    }

    protected static TransportSettings settings() {
        Times times = new Times(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                new Backoff(Duration.ofMillis(5), Duration.ofMillis(50)),
                Duration.ofSeconds(1));
        return TransportSettings.defaults()
                .listeningOn(ANY_PORT)
                .withTimes(times)
                .withLimits(Limits.DEFAULT.withMaxFrameBytes(MAX_FRAME));
    }

    protected TestNode node(String name) {
        return node(identity(name, 1), settings(), Admission.OF_ALL);
    }

    protected TestNode node(Identity identity) {
        return node(identity, settings(), Admission.OF_ALL);
    }

    protected TestNode node(Identity identity, TransportSettings settings, Admission admission) {
        TestNode node = new TestNode(
                identity,
                (inbound, events) -> start(
                        settings,
                        Surroundings.of(() -> identity, inbound, events).withAdmission(admission)));
        nodes.add(node);
        return node;
    }

    @AfterEach
    void closeNodes() {
        nodes.forEach(node -> node.transport.close());
    }

    protected static UnaryOperator<TransportSettings> speaking(int lowest, int highest) {
        return settings -> settings.withVersions(new Versions(lowest, highest));
    }

    protected static ConditionFactory await() {
        return Awaitility.await().atMost(LONG).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    protected static void awaitEvent(TestNode node, String prefix) {
        await().alias(node.identity.name() + " is told: " + prefix + ", was told: " + node.events.all)
                .until(() -> node.events.count(prefix) > 0);
    }

    protected static Body text(String text) {
        return Body.of(text.getBytes(UTF_8));
    }

    protected static String text(ByteBuffer body) {
        return UTF_8.decode(body.duplicate()).toString();
    }

    protected static CompletionStage<Body> reply(String text) {
        return CompletableFuture.completedFuture(text(text));
    }

    protected static String answerOf(CompletionStage<ByteBuffer> request)
            throws InterruptedException, ExecutionException, TimeoutException {
        return text(request.toCompletableFuture().get(LONG.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** How the request failed. */
    protected static RequestFailedException failureOf(CompletionStage<ByteBuffer> request) {
        try {
            ByteBuffer answer = request.toCompletableFuture()
                    .orTimeout(LONG.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            throw new AssertionError("Answered: " + text(answer));
        } catch (CompletionException e) {
            if (e.getCause() instanceof RequestFailedException failure) {
                return failure;
            }
            throw e;
        }
    }
}
