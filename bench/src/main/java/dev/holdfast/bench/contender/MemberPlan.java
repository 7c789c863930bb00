package dev.holdfast.bench.contender;

import dev.holdfast.config.SyncPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the members of a cluster have to agree on, and which of them one is: words on the command line of a member's process.
 *
 * @param kind {@code holdfast} or {@code hazelcast}
 * @param base each member has a directory of its own below it
 * @param poolSize threads that run tasks, on each member
 * @param durability backups of every task
 * @param minInSync copies without which Holdfast takes no task
 * @param sync of Holdfast
 * @param ports of the members that are there from the beginning, on the loopback address
 * @param port of this one, which may be another
 */
record MemberPlan(
        String kind,
        Path base,
        int poolSize,
        int durability,
        int minInSync,
        SyncPolicy sync,
        List<Integer> ports,
        int port) {

    /** Of a cluster of {@code size} that stores everything on all of its members, and nothing on fewer. */
    static MemberPlan ofAll(String kind, Path base, int poolSize, int size, SyncPolicy sync) throws IOException {
        List<Integer> ports = freePorts(size);
        return new MemberPlan(kind, base, poolSize, size - 1, size, sync, ports, ports.get(0));
    }

    /** Of a cluster of {@code size} with their defaults, on free ports. */
    static MemberPlan apart(String kind, Path base, int poolSize, int size, int durability) throws IOException {
        List<Integer> ports = freePorts(size);
        return new MemberPlan(kind, base, poolSize, durability, 1, SyncPolicy.OS, ports, ports.get(0));
    }

    MemberPlan withMinInSync(int copies) {
        return new MemberPlan(kind, base, poolSize, durability, copies, sync, ports, port);
    }

    MemberPlan at(int other) {
        return new MemberPlan(kind, base, poolSize, durability, minInSync, sync, ports, other);
    }

    String name() {
        return nameAt(port);
    }

    static String nameAt(int port) {
        return "member-" + port;
    }

    Path directory() {
        return base.resolve(name());
    }

    List<String> addresses() {
        return ports.stream().map(each -> "127.0.0.1:" + each).toList();
    }

    List<String> words() {
        return List.of(
                kind,
                base.toString(),
                Integer.toString(poolSize),
                Integer.toString(durability),
                Integer.toString(minInSync),
                sync.name(),
                ports.stream().map(String::valueOf).collect(Collectors.joining(",")),
                Integer.toString(port));
    }

    static MemberPlan parse(String[] words) {
        return new MemberPlan(
                words[0],
                Path.of(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                SyncPolicy.valueOf(words[5]),
                Arrays.stream(words[6].split(",")).map(Integer::valueOf).toList(),
                Integer.parseInt(words[7]));
    }

    /** Nobody keeps them free until they are used; good enough on a machine that measures. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket each : held) {
                each.close();
            }
        }
    }
}
