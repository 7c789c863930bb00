package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Role;
import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the network, and what they poll with. Connections of {@linkplain Role#isUrgent urgent} roles have one of their own, so that nothing
 * that the others carry holds them up, not even a handler whose disk stands still. The connections that a node and another have made
 * to each other share one of the others: what comes in by the one is often answered by the other, without waking anybody.
 */
final class Loops {

    private static final Logger log = LoggerFactory.getLogger(Loops.class);
    private static final Duration FOR_THE_LAST_STEPS = Duration.ofSeconds(2);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final boolean epoll;
    private final EventLoop control;
    private final EventLoop[] data;
    private final List<EventLoopGroup> groups;

    /** @param count of those that are not for control */
    Loops(int count, boolean nativeIo) {
        this.epoll = nativeIo && Epoll.isAvailable();
        if (nativeIo && !epoll) {
            log.info(
                    "No epoll here, so connections use NIO: os={}, arch={}, cause={}; on Linux the optional artifact"
                            + " io.netty:netty-transport-native-epoll with the classifier linux-x86_64 or linux-aarch_64 brings it",
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    String.valueOf(Epoll.unavailabilityCause()));
        }
        AtomicBoolean someoneIsAwake = new AtomicBoolean();
        AtomicInteger started = new AtomicInteger();
        EventLoopGroup others = group(
                count,
                () -> "holdfast-net-" + started.incrementAndGet(),
                () -> new BriefSelect(someoneIsAwake, System::nanoTime));
        EventLoopGroup own = group(1, () -> "holdfast-net-control", DefaultSelectStrategyFactory.INSTANCE);
        this.groups = List.of(others, own);
        this.control = own.next();
        this.data = new EventLoop[count];
        for (int i = 0; i < count; i++) {
            data[i] = others.next(); // which go round
        }
    }

    private EventLoopGroup group(int count, Supplier<String> name, SelectStrategyFactory strategy) {
        ThreadFactory threadFactory = work -> newThread(work, name.get());
        return new MultiThreadIoEventLoopGroup(
                count,
                threadFactory,
                epoll
                        ? EpollIoHandler.newFactory(0, strategy)
                        : NioIoHandler.newFactory(SelectorProvider.provider(), strategy));
    }

    /** Netty starts a thread when its loop is first used. */
    private Thread newThread(Runnable work, String name) {
        Thread thread = new FastThreadLocalThread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    void each(Consumer<Executor> visitor) {
        visitor.accept(control);
        List.of(data).forEach(visitor);
    }

    /** Of connections that are urgent, and of all that nobody has said yet what they are for. */
    EventLoop control() {
        return control;
    }

    /** Of the connections with {@code node}, whoever made them, for what {@code role} is for. */
    EventLoop of(Role role, NodeId node) {
        return role.isUrgent() ? control : data(node);
    }

    /** Of a connection to {@code peer}, which may not be known yet. */
    EventLoop of(Peer peer) {
        Object key = peer.expected().<Object>map(node -> node).orElse(peer.address());
        return peer.role().isUrgent() ? control : data(key);
    }

    private EventLoop data(Object key) {
        return data[Math.floorMod(key.hashCode(), data.length)];
    }

    Class<? extends Channel> channel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** @throws IllegalStateException on one of the threads, which would wait for itself */
    void refuseOwnThread() {
        if (threads.contains(Thread.currentThread())) {
            throw new IllegalStateException("A transport can not be closed by one of its own threads: thread="
                    + Thread.currentThread().getName() + "; have another thread close it");
        }
    }

    /** Ends the threads, and waits for them. */
    void close() {
        for (EventLoopGroup each : groups) {
            var unused = each.shutdownGracefully(0, FOR_THE_LAST_STEPS.toMillis(), TimeUnit.MILLISECONDS);
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + 2 * FOR_THE_LAST_STEPS.toNanos();
        for (Thread thread : threads) {
            while (thread.isAlive() && System.nanoTime() < deadline) {
                try {
                    thread.join(FOR_THE_LAST_STEPS.toMillis());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
