package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.PeerAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port, and who has connected to it. */
final class Listener {

    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 256;

    private final Engine engine;
    private final Reception reception;
    private final Channel channel;
    private final PeerAddress address;
    private final Set<Accepted> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger strangers = new AtomicInteger();

    private Listener(Engine engine, PeerAddress wanted, InetAddress host) {
        this.engine = engine;
        this.reception = new Reception(engine);
        ChannelFuture bound = new ServerBootstrap()
                .group(engine.loops.control())
                .channel(engine.loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, FrameWriter.ALLOCATOR)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Connector.WATER_MARKS)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                        accept(child);
                    }
                })
                .bind(host, wanted.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IllegalStateException(
                    "Can not listen: address=" + wanted + ", cause="
                            + bound.cause().getMessage()
                            + "; stop what has the port, or set another network.host and network.port",
                    bound.cause());
        }
        this.channel = bound.channel();
        this.address = new PeerAddress(wanted.host(), ((InetSocketAddress) channel.localAddress()).getPort());
    }

    static Listener open(Engine engine, PeerAddress wanted) {
        InetAddress host;
        try {
            host = InetAddress.getByName(wanted.host());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "Can not listen: address=" + wanted
                            + ", cause=unknown host; set network.host to an address of this machine",
                    e);
        }
        if (!engine.allows(host)) {
            throw new IllegalArgumentException(Insecure.refusal(wanted).message());
        }
        return new Listener(engine, wanted, host);
    }

    PeerAddress address() {
        return address;
    }

    private void accept(Channel child) {
        Accepted one = new Accepted(engine, child, reception, admitted -> strangers.decrementAndGet());
        boolean tooMany = strangers.incrementAndGet() > engine.settings.limits().maxStrangers()
                || connections.size() >= engine.settings.limits().maxAccepted();
        connections.add(one);
        var unused = child.closeFuture().addListener(closed -> {
            connections.remove(one);
            if (!one.isAdmitted()) {
                strangers.decrementAndGet();
            }
        });
        if (tooMany) {
            if (reception.isNews("too many", child)) {
                log.warn(
                        "Closed a connection, there are too many: address={}, connections={}, not admitted yet={}",
                        child.remoteAddress(),
                        connections.size(),
                        strangers.get());
            }
            one.close("too many connections");
        } else {
            one.install();
        }
    }

    void endOlderThan(Identity seen) {
        connections.forEach(one -> one.endIfOlderThan(seen));
    }

    /** Ends all connections; each tells when it has ended. */
    List<CompletableFuture<Void>> close() {
        channel.close().awaitUninterruptibly();
        return connections.stream().map(Accepted::closeGracefully).toList();
    }
}
