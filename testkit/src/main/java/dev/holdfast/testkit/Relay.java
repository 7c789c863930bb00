package dev.holdfast.testkit;

import dev.holdfast.replication.transport.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one member reaches another through. Of the network's thread. */
final class Relay {

    private static final int BIND_TRIES = 200;

    private final Direction direction;
    private final InetSocketAddress entrance;
    private final InetSocketAddress target;
    private final Selector selector;
    private final Predicate<Direction> cut;
    private final Set<RelayedConnection> connections = new HashSet<>();
    private @Nullable ServerSocketChannel listener;

    /** @param cut whether nothing gets through in a direction now */
    Relay(Direction direction, PeerAddress entrance, PeerAddress target, Selector selector, Predicate<Direction> cut) {
        this.direction = direction;
        this.entrance = new InetSocketAddress(entrance.host(), entrance.port());
        this.target = new InetSocketAddress(target.host(), target.port());
        this.selector = selector;
        this.cut = cut;
    }

    void listen(boolean wanted) {
        try {
            ServerSocketChannel open = listener;
            if (!wanted && open != null) {
                listener = null;
                open.close();
                selector.selectNow(); // or the port is let go with the next look only
            } else if (wanted && open == null) {
                listener = open();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No port for the test's network: address=" + entrance, e);
        }
    }

    private ServerSocketChannel open() throws IOException {
        IOException last = new IOException("not tried");
        for (int i = 0; i < BIND_TRIES; i++) {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(entrance);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_ACCEPT, (Runnable) this::accept);
                return channel;
            } catch (IOException e) {
                channel.close();
                last = e;
                Thread.onSpinWait();
            }
        }
        throw last;
    }

    private void accept() {
        ServerSocketChannel open = listener;
        if (open == null) {
            return;
        }
        try {
            SocketChannel from = open.accept();
            if (from != null) {
                RelayedConnection connection =
                        new RelayedConnection(direction, from, target, selector, cut, connections::remove);
                connections.add(connection);
                connection.move();
            }
        } catch (IOException e) {
            // Who connected has gone again.
        }
    }

    /** What was cut may not be any more. */
    void resume() {
        List.copyOf(connections).forEach(RelayedConnection::move);
    }

    /** The process of {@code member} is gone. */
    void reset(int member) {
        List.copyOf(connections).forEach(connection -> connection.gone(member));
    }

    void close() {
        listen(false);
        List.copyOf(connections).forEach(RelayedConnection::close);
    }
}
