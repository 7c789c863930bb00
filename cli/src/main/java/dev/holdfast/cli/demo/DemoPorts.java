package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for the demo's members: below those that systems give to outgoing connections, one of which could otherwise sit on a member's
 * port before it listens.
 */
final class DemoPorts {

    private static final int FIRST = 12_000;
    private static final int END = 32_000;
    private static final int TRIES = 1_000;

    private DemoPorts() {}

    /** So many, at which nobody listened a moment ago. */
    static List<Integer> free(int count) {
        SortedSet<Integer> free = new TreeSet<>();
        for (int tries = 0; tries < TRIES && free.size() < count; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                free.add(port);
            }
        }
        if (free.size() < count) {
            throw new CommandFailure(
                    ExitCodes.FAILED,
                    "The demo found no free ports: wanted=" + count + ", found=" + free.size() + ", from=" + FIRST
                            + ", to=" + END);
        }
        return List.copyOf(free);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
