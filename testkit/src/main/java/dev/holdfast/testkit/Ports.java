package dev.holdfast.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for members, which keep theirs while they are down. Below those that systems give to outgoing connections, one of
 * which would otherwise sit on the port of a member that is about to come back. Thread-safe.
 */
final class Ports {

    private static final int FIRST = 12_000;
    private static final int END = 32_000;
    private static final int TRIES = 1_000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** One that nobody listened at a moment ago, and that is not given out in this JVM. */
    static synchronized int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (!GIVEN.contains(port) && isFree(port)) {
                GIVEN.add(port);
                return port;
            }
        }
        throw new IllegalStateException("No free port: from=" + FIRST + ", to=" + END + ", tries=" + TRIES);
    }

    /** Whoever had them is gone: or a JVM that starts clusters all day long would have none left. */
    static synchronized void release(Collection<Integer> ports) {
        GIVEN.removeAll(ports);
    }

    /** How many are given out. */
    static synchronized int given() {
        return GIVEN.size();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
