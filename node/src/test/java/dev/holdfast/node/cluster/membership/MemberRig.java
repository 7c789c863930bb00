package dev.holdfast.node.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Config;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ratis.RatisTiming;
import dev.holdfast.replication.transport.Backoff;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.storage.NodeStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Members in this process, each with a data directory, over loopback. One thread, but for {@link #begin}. */
final class MemberRig implements AutoCloseable {

    static final MembershipTiming QUICK = new MembershipTiming(
            Duration.ofMillis(500),
            new Backoff(Duration.ofMillis(10), Duration.ofMillis(50)),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofMillis(50),
            Duration.ofSeconds(4),
            new RatisTiming(
                    Duration.ofMillis(300),
                    Duration.ofMillis(600),
                    Duration.ofMillis(20),
                    Duration.ofMillis(60),
                    Duration.ofMillis(500),
                    Duration.ofMillis(600),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(1_200),
                    Duration.ofMillis(50),
                    100));

    private static final int PARTITIONS = 6;

    private final Path directory;
    private final List<Integer> ports;
    private final ExecutorService starters = Executors.newCachedThreadPool();
    private final Map<String, ClusterMembership> running = new LinkedHashMap<>();
    private final Map<String, NodeStorage> storages = new LinkedHashMap<>();

    /** @param listed how many members {@code network.members} has */
    MemberRig(Path directory, int listed) {
        this.directory = directory;
        this.ports = FreePorts.of(listed);
    }

    List<String> list() {
        return FreePorts.addresses(ports);
    }

    /** Addresses at which nobody is. */
    List<String> unusedList(int count) {
        return FreePorts.addresses(FreePorts.of(count));
    }

    Path directoryOf(String name) {
        return directory.resolve(name);
    }

    /** Of a member named a, b, c ... by its place in the list; of any other name at any free port. */
    Config config(String name) {
        int place = name.length() == 1 ? name.charAt(0) - 'a' : ports.size();
        Config config = new Config().setNodeName(name).setPartitionCount(PARTITIONS);
        config.getStorageConfig().setDirectory(directoryOf(name));
        config.getNetworkConfig()
                .setEnabled(true)
                .setPort(place < ports.size() ? ports.get(place) : 0)
                .setMembers(list());
        return config;
    }

    /** Starts it on a thread of its own; completes when it is a member. */
    CompletableFuture<ClusterMembership> begin(Config config) {
        return CompletableFuture.supplyAsync(
                () -> {
                    NodeStorage storage = NodeStorage.open(config);
                    try {
                        ClusterMembership member = ClusterMembership.start(config, storage, new Inbound(), QUICK);
                        synchronized (running) {
                            running.put(config.getNodeName(), member);
                            storages.put(config.getNodeName(), storage);
                        }
                        return member;
                    } catch (RuntimeException | Error e) {
                        storage.close();
                        throw e;
                    }
                },
                starters);
    }

    ClusterMembership start(Config config) {
        return begin(config).orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Starts them at the same time, with what {@code change} does to their configuration. */
    void startAll(Consumer<Config> change, String... names) {
        List<CompletableFuture<ClusterMembership>> starts = Stream.of(names)
                .map(name -> {
                    Config config = config(name);
                    change.accept(config);
                    return begin(config);
                })
                .toList();
        starts.forEach(start -> start.orTimeout(20, TimeUnit.SECONDS).join());
    }

    void startAll(String... names) {
        startAll(config -> {}, names);
    }

    ClusterMembership member(String name) {
        synchronized (running) {
            return Objects.requireNonNull(running.get(name), name);
        }
    }

    /** Closes it; its membership and its directory stay. */
    void stop(String name) {
        ClusterMembership member;
        NodeStorage storage;
        synchronized (running) {
            member = Objects.requireNonNull(running.remove(name));
            storage = Objects.requireNonNull(storages.remove(name));
        }
        member.close();
        storage.close();
    }

    void stopAll() {
        List<String> names;
        synchronized (running) {
            names = List.copyOf(running.keySet());
        }
        CompletableFuture.allOf(names.stream()
                        .map(name -> CompletableFuture.runAsync(() -> stop(name), starters))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10));
    }

    static void awaitState(ClusterMembership member, Predicate<ClusterState> wanted) {
        await().untilAsserted(() -> assertThat(member.state()).matches(wanted));
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!name.endsWith(".lock") && !name.equals("in_use.lock")) {
                    Files.copy(file, target);
                }
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = new ArrayList<>(files.toList());
            Collections.reverse(deepestFirst);
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        stopAll();
        starters.shutdownNow();
    }
}
