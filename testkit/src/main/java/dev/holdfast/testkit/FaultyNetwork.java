package dev.holdfast.testkit;

import dev.holdfast.replication.transport.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * What members of a test's cluster reach each other through: a TCP relay for every ordered pair of them. A direction that is
 * cut holds back what is on its way, as a network does whose packets are lost: nobody is told, and nobody who connects gets
 * an answer. What was held back arrives after the heal, if anybody still waits for it. A member that is down is refused, as
 * its system would.
 *
 * <p>All state belongs to one thread; methods may be called by any, and return when that thread has done it.
 */
final class FaultyNetwork implements AutoCloseable {

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final Map<PeerAddress, Integer> members = new ConcurrentHashMap<>();
    private final Map<Direction, PeerAddress> routes = new ConcurrentHashMap<>();

    private final Map<Direction, Relay> relays = new HashMap<>();
    private final Set<Direction> cut = new HashSet<>();
    private final Set<Integer> down = new HashSet<>();
    private volatile boolean closed;

    FaultyNetwork() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "faulty-network");
        thread.setDaemon(true);
        thread.start();
    }

    /** A member more, with the next number; it is down. */
    void add(int member, PeerAddress listens) {
        call(() -> {
            members.forEach((address, other) -> {
                relay(new Direction(member, other), address);
                relay(new Direction(other, member), listens);
            });
            members.put(listens, member);
            down.add(member);
        });
    }

    private void relay(Direction direction, PeerAddress target) {
        PeerAddress entrance = new PeerAddress(target.host(), Ports.free());
        routes.put(direction, entrance);
        relays.put(direction, new Relay(direction, entrance, target, selector, cut::contains));
        look(direction);
    }

    /** Where {@code from} has to connect to reach who listens at {@code to}. Does not block. */
    PeerAddress route(int from, PeerAddress to) {
        Integer member = members.get(to);
        return member == null ? to : routes.getOrDefault(new Direction(from, member), to);
    }

    /** The routes of {@code from}, by where the others listen. */
    Map<PeerAddress, PeerAddress> routesOf(int from) {
        Map<PeerAddress, PeerAddress> found = new HashMap<>();
        members.keySet().forEach(address -> found.put(address, route(from, address)));
        return found;
    }

    void up(int member) {
        call(() -> {
            down.remove(member);
            lookAll(direction -> direction.to() == member);
        });
    }

    /** Nothing comes from it any more, and who connects to it is refused. */
    void down(int member) {
        call(() -> {
            down.add(member);
            lookAll(direction -> direction.to() == member);
            relays.forEach((direction, relay) -> {
                if (direction.isOf(member)) {
                    relay.reset(member);
                }
            });
        });
    }

    void cut(Direction direction) {
        call(() -> {
            cut.add(direction);
            changed();
        });
    }

    void heal() {
        call(() -> {
            cut.clear();
            changed();
        });
    }

    private void changed() {
        lookAll(direction -> true);
        relays.values().forEach(Relay::resume);
    }

    private void lookAll(Predicate<Direction> which) {
        relays.keySet().stream().filter(which).forEach(this::look);
    }

    /** Across a cut nobody sees whether the other is down. */
    private void look(Direction direction) {
        boolean isCut = cut.contains(direction) || cut.contains(direction.back());
        Relay relay = relays.get(direction);
        if (relay != null) {
            relay.listen(isCut || !down.contains(direction.to()));
        }
    }

    private void call(Runnable what) {
        if (Thread.currentThread() == thread) {
            what.run();
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        work.add(() -> {
            try {
                what.run();
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        selector.wakeup();
        if (closed) {
            return;
        }
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("The network of the test failed: " + e.getCause(), e.getCause());
        }
    }

    private void run() {
        try {
            while (!closed) {
                selector.select();
                for (Runnable next = work.poll(); next != null; next = work.poll()) {
                    next.run();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    ((Runnable) key.attachment()).run();
                }
                selector.selectedKeys().clear();
            }
            relays.values().forEach(Relay::close);
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Ports.release(routes.values().stream().map(PeerAddress::port).toList());
    }
}
