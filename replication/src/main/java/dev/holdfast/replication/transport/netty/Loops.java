package dev.holdfast.replication.transport.netty;

import io.netty.channel.Channel;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of the network, and what they poll with. */
final class Loops {

    private static final Logger log = LoggerFactory.getLogger(Loops.class);
    private static final Duration FOR_THE_LAST_STEPS = Duration.ofSeconds(2);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final boolean epoll;
    private final EventLoopGroup group;

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
        SelectStrategyFactory strategy = () -> new BriefSelect(someoneIsAwake, System::nanoTime);
        this.group = new MultiThreadIoEventLoopGroup(
                count,
                this::newThread,
                epoll
                        ? EpollIoHandler.newFactory(0, strategy)
                        : NioIoHandler.newFactory(SelectorProvider.provider(), strategy));
    }

    /** Netty starts a thread when its loop is first used. */
    private Thread newThread(Runnable work) {
        Thread thread = new FastThreadLocalThread(work, "holdfast-net-" + (threads.size() + 1));
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    EventLoopGroup group() {
        return group;
    }

    EventLoop next() {
        return group.next();
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
        var unused = group.shutdownGracefully(0, FOR_THE_LAST_STEPS.toMillis(), TimeUnit.MILLISECONDS);
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
