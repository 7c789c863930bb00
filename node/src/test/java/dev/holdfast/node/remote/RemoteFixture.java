package dev.holdfast.node.remote;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ServedNode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.replication.protocol.NodeId;
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
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with a port, and a process that asks them; all connections over the network of this machine. */
@Timeout(60)
abstract class RemoteFixture {

    static final PartitionId PARTITION = new PartitionId(0);
    static final String EXECUTOR = "jobs";
    private static final TaskSpec SPEC =
            new TaskSpec("java", "com.acme.Job", null, null, null, null, 3, TaskSpec.NO_TTL, true);

    @TempDir
    Path directory;

    final TestOwners owners = new TestOwners();
    final ExecutorService executor = Executors.newFixedThreadPool(2);
    final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Has {@code resource} closed at the end, before all that were opened earlier. */
    <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        executor.shutdownNow();
        timer.shutdownNow();
    }

    /** Tasks are stored and do not run, before {@code start} is called. */
    ServedNode node(String name) {
        return node(name, config -> config.setAutoStart(false));
    }

    ServedNode node(String name, UnaryOperator<Config> changes) {
        Config config = new Config().setNodeName(name).setPartitionCount(2).setShutdownGrace(Duration.ofMillis(100));
        config.getStorageConfig().setDirectory(directory.resolve(name));
        HoldfastInstance node = opened(Holdfast.newInstance(changes.apply(config)));
        return opened(new ServedNode(node));
    }

    static DurableExecutorService service(ServedNode node) {
        return node.node.getDurableExecutorService(EXECUTOR);
    }

    /** A transport that only asks. */
    Transport transport() {
        Identity self = new Identity(
                Optional.empty(), Role.CLIENT, new NodeId(UUID.randomUUID().toString()), 0, "asker");
        return opened(NettyTransport.start(
                TransportSettings.defaults(), Surroundings.of(() -> self, new Inbound(), ConnectionListener.NONE)));
    }

    RemoteCalls calls(Duration timeout, int maxWaiters) {
        return new RemoteCalls(
                transport(), List::of, UUID.randomUUID(), executor, timer, new WaiterLimit(maxWaiters), timeout, 1024);
    }

    PartitionSlot slot(Duration timeout) {
        return opened(new PartitionSlot(PARTITION, owners, calls(timeout, 1000)));
    }

    PartitionSlot slot() {
        return slot(Duration.ofSeconds(20));
    }

    static Owner at(ServedNode node) {
        return new Owner.Remote(node.peer(), node.node.getName());
    }

    static Owner at(ServedNode node, PeerAddress address) {
        return new Owner.Remote(Peer.of(node.id(), address, Role.CLIENT), node.node.getName());
    }

    static Command.Submit submit() {
        return submit(null);
    }

    static Command.Submit submit(@org.jspecify.annotations.Nullable String idempotencyKey) {
        TaskSpec spec =
                new TaskSpec(SPEC.codec(), SPEC.typeName(), null, null, null, idempotencyKey, 3, TaskSpec.NO_TTL, true);
        return new Command.Submit(EXECUTOR, spec, new Body.Inline(new byte[] {1}));
    }

    static Replies post(PartitionAccess partition, Command command) {
        Replies replies = new Replies();
        if (!partition.post(command, replies)) {
            throw new AssertionError("Not taken: " + command);
        }
        return replies;
    }

    static long stored(PartitionAccess partition) {
        return partition.entries().count();
    }

    /** Whoever asks, and how often it was told. */
    static final class Replies implements Consumer<Reply> {
        final List<Reply> all = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Reply> first = new CompletableFuture<>();

        @Override
        public void accept(Reply reply) {
            all.add(reply);
            first.complete(reply);
        }

        Reply first() throws Exception {
            return first.get(30, TimeUnit.SECONDS);
        }
    }

    /** Owners as the test says. */
    static final class TestOwners implements Owners {
        private final List<Consumer<PartitionId>> listeners = new CopyOnWriteArrayList<>();
        final List<NotHere> hints = new CopyOnWriteArrayList<>();
        private volatile Owner owner = new Owner.None("a test has not said who");

        void set(Owner now) {
            owner = now;
            listeners.forEach(listener -> listener.accept(PARTITION));
        }

        /** As a lease that is out and comes back: nobody is told. */
        void setSilently(Owner now) {
            owner = now;
        }

        @Override
        public Owner of(PartitionId partition) {
            return owner;
        }

        @Override
        public void onChange(Consumer<PartitionId> listener) {
            listeners.add(listener);
        }

        @Override
        public void notHere(PartitionId partition, NotHere said) {
            hints.add(said);
        }
    }
}
