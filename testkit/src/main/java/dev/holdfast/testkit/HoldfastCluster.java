package dev.holdfast.testkit;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.storage.log.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster for a test: members with temporary directories over loopback, which can be killed, stopped, started again, cut off
 * from each other, and are gone after {@link #close}. Members have numbers, from 0.
 *
 * <pre>{@code
 * try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
 *     DurableExecutorService orders = cluster.node(0).getDurableExecutorService("orders");
 *     long id = orders.submit(new Order(17)).getTaskId();
 *     cluster.kill(0);
 *     cluster.node(1).getDurableExecutorService("orders").retrieveResult(id).get();
 * }
 * }</pre>
 *
 * <p>Members run in this JVM, or, with {@link ClusterBuilder#inProcesses}, each in one of its own. All of them are less patient than
 * in production, so that a failover takes a second or two: see {@link ClusterBuilder#productionTiming}. What a network does between
 * them goes through relays of the cluster; clients connect to members directly.
 *
 * <p>Of one thread at a time; what it hands out may be used by any.
 */
public final class HoldfastCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HoldfastCluster.class);
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(60);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 20;

    private final ClusterBuilder plan;
    private final Path directory;
    private final boolean ownDirectory;
    private final TestClock clock = new TestClock();
    private final FaultyNetwork network = new FaultyNetwork();
    private final ClusterMembers members;
    private final Function<List<String>, HoldfastInstance> clients;
    private boolean kept;
    private boolean closed;
    private @Nullable HoldfastInstance client;

    /**
     * A cluster to be described.
     *
     * @param nodes how many members, 1 or more
     * @return to be started
     */
    public static ClusterBuilder of(int nodes) {
        if (nodes < 1) {
            throw new IllegalArgumentException("nodes=" + nodes + ", allowed are 1 and more");
        }
        return new ClusterBuilder(nodes);
    }

    /**
     * Starts so many members in this JVM, and blocks until the cluster is healthy.
     *
     * @param nodes 1 or more
     * @return to be closed by the caller
     */
    public static HoldfastCluster start(int nodes) {
        return of(nodes).start();
    }

    /**
     * Starts so many members in this JVM, and blocks until the cluster is healthy.
     *
     * @param nodes 1 or more
     * @param each changes the configuration of each member
     * @return to be closed by the caller
     */
    public static HoldfastCluster start(int nodes, Consumer<Config> each) {
        return of(nodes).config(each).start();
    }

    HoldfastCluster(ClusterBuilder plan) {
        this(plan, HoldfastCluster::newClient);
    }

    /** @param clients makes the one of the cluster, from the addresses of members */
    HoldfastCluster(ClusterBuilder plan, Function<List<String>, HoldfastInstance> clients) {
        this.plan = plan;
        this.clients = clients;
        Optional<Path> given = plan.directory();
        this.ownDirectory = given.isEmpty();
        try {
            this.directory = given.isEmpty()
                    ? Files.createTempDirectory("holdfast-cluster-")
                    : Files.createDirectories(given.get().toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.members = new ClusterMembers(plan, directory, network, clock);
    }

    void startAll() {
        members.found();
        awaitHealthy();
    }

    // ---- to use it

    /**
     * How many members it has had, those that are down or have left included.
     *
     * @return numbers below this are members'
     */
    public int size() {
        return members.size();
    }

    /**
     * A member as the application in its JVM has it. After {@link #restart} it is another one.
     *
     * @param number of the member
     * @return ends with the member; not to be closed by the caller, see {@link #stop}
     * @throws UnsupportedOperationException members run in processes of their own
     */
    public HoldfastInstance node(int number) {
        return members.get(number).instance();
    }

    /**
     * A client of the cluster, always the same. It knows all members that there were when it was first asked for, and
     * allows all classes.
     *
     * @return closed with the cluster
     */
    public HoldfastInstance client() {
        HoldfastInstance known = client;
        if (known == null) {
            known = clients.apply(members.addresses());
            client = known;
        }
        return known;
    }

    /**
     * Where the members listen, for a {@link dev.holdfast.config.ClientConfig} of your own.
     *
     * @return {@code host:port} of each, by their numbers
     */
    public List<String> addresses() {
        return members.addresses();
    }

    /**
     * A client more. It asks one member first who leads what; the others in turn when that one has no news for two seconds, or does not
     * answer. So what it believes may be old until then, where that member is cut off or paused.
     *
     * @param member its number
     * @return to be closed by the caller
     */
    public HoldfastInstance newClientOf(int member) {
        return newClient(List.of(members.addresses().get(member)));
    }

    private static HoldfastInstance newClient(List<String> addresses) {
        ClientConfig config =
                new ClientConfig().setClusterName(ClusterBuilder.CLUSTER_NAME).setMembers(addresses);
        config.getSerializationConfig().addAllowedClasses("**");
        return Holdfast.newClient(config);
    }

    /**
     * The directory of a member.
     *
     * @param number of the member
     * @return absolute
     */
    public Path directory(int number) {
        return members.directory(number);
    }

    /**
     * Where the members' directories are, and with {@link ClusterBuilder#inProcesses} the files with what they printed.
     *
     * @return absolute
     */
    public Path directory() {
        return directory;
    }

    /**
     * Whether members run in JVMs of their own.
     *
     * @return as the cluster was built
     */
    public boolean isInProcesses() {
        return plan.isInProcesses();
    }

    /** Lets directories stay after the close, to be looked at. */
    public void keepDirectories() {
        kept = true;
    }

    /**
     * Whether a member runs; a paused one does not.
     *
     * @param number of the member
     * @return false also if it has left
     */
    public boolean isRunning(int number) {
        return members.isRunning(number);
    }

    /**
     * Which member executes the tasks of a partition, as those of the running members see it that know the latest: all are asked.
     *
     * @param taskId of a task in the partition
     * @return its number; -1 while nobody does
     * @throws IllegalStateException no member runs, or one does not answer
     */
    public int primaryOf(long taskId) {
        return primaryOfPartition(new TaskId(taskId).partition().value());
    }

    /**
     * Which member executes the tasks of a partition, as those of the running members see it that know the latest: all are asked.
     *
     * @param partition its number
     * @return the member's number; -1 while nobody does
     * @throws IllegalStateException no member runs, or one does not answer
     */
    public int primaryOfPartition(int partition) {
        String primary = members.leaderOf(partition);
        return members.all()
                .filter(number -> ClusterBuilder.nameOf(number).equals(primary))
                .findFirst()
                .orElse(-1);
    }

    // ---- what may happen to it

    /**
     * Ends a member without grace. In a process of its own that is a SIGKILL. In this JVM it is as near as one JVM gets: it is
     * not heard any more, nothing is handed over, what its tasks return is dropped, though a task that does not heed an
     * interrupt runs on, and the next start finds a crash.
     *
     * @param number of the member
     * @throws IllegalStateException it is down
     */
    public void kill(int number) {
        members.kill(number);
    }

    /** Kills all members that run or are paused, at the same time. */
    public void killAll() {
        members.killAll();
    }

    /**
     * Stops a member in order, see {@link HoldfastInstance#close}. Its directory and its membership stay.
     *
     * @param number of the member
     * @throws IllegalStateException it is down or paused
     */
    public void stop(int number) {
        members.stop(number);
    }

    /**
     * Starts members, each on its directory and port, at the same time: a member waits for others if it needs them. One that runs is
     * stopped in order before. Blocks until they are members.
     *
     * @param numbers of the members
     * @throws IllegalStateException one is paused or has left, or did not start in a minute and a half
     */
    public void restart(int... numbers) {
        members.restart(numbers);
    }

    /**
     * Starts a member more, with an empty directory, which joins the others. Blocks until it is a member; it gets copies of
     * partitions after that, see {@link #awaitHealthy()}.
     *
     * @return its number
     */
    public int join() {
        return members.join();
    }

    /**
     * Has a member give up its membership, once others have what it holds, and stop. It does not come back.
     *
     * @param number of the member
     * @throws IllegalStateException nobody took over what it holds in a minute
     */
    public void leave(int number) {
        if (!members.leave(number, LEAVE_LIMIT)) {
            throw new IllegalStateException("Could not leave: node=" + number + ", limit=" + LEAVE_LIMIT);
        }
    }

    /**
     * Stops a member where it is, as a long pause of its machine would. In a process of its own that is a SIGSTOP. In this JVM it is as
     * near as one JVM gets: nothing comes in, goes out or is due, while connections stay open, and no task starts; but tasks
     * that run go on, as does who calls the member's own {@link #node}, though nobody hears what comes of it before {@link #resume}.
     *
     * @param number of the member
     * @throws IllegalStateException it does not run
     */
    public void pause(int number) {
        members.pause(number);
    }

    /**
     * Lets a paused member go on.
     *
     * @param number of the member
     * @throws IllegalStateException it is not paused
     */
    public void resume(int number) {
        members.resume(number);
    }

    /**
     * Has nothing get through between two members, in either direction, until {@link #heal}. Connections stay open, as when
     * packets are lost; nobody is told.
     *
     * @param a a member's number
     * @param b another's
     */
    public void partition(int a, int b) {
        partitionOneWay(a, b);
        partitionOneWay(b, a);
    }

    /**
     * Has nothing get through from one member to another until {@link #heal}; the other direction stays as it is. Nobody can
     * connect over such a way.
     *
     * @param from a member's number
     * @param to another's
     */
    public void partitionOneWay(int from, int to) {
        if (from == to || Math.min(from, to) < 0 || Math.max(from, to) >= size()) {
            throw new IllegalArgumentException("Not two members: from=" + from + ", to=" + to + ", size=" + size());
        }
        network.cut(new Direction(from, to));
    }

    /**
     * Cuts a member off from all others.
     *
     * @param number of the member
     */
    public void isolate(int number) {
        members.all().filter(other -> other != number).forEach(other -> partition(number, other));
    }

    /** Ends all partitions of the network: what was held back arrives, if anybody still waits for it. */
    public void heal() {
        network.heal();
    }

    /**
     * Sets the clock forward by which tasks and results are dated, on all members, on paused ones when they go on: results whose time to live is over by it
     * are removed. It is the wall clock of what is stored only. Leases, timeouts, grace times and whatever a task measures go by
     * the system's.
     *
     * @param by zero or more
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("by=" + by + ", time does not go back");
        }
        clock.advance(by);
        members.running().forEach(number -> members.get(number).clockMoved());
    }

    // ---- to wait for it

    /**
     * Waits until all members that run see each other and nobody else, each partition has a primary that serves, and as
     * many copies as are wanted are in sync.
     *
     * @throws IllegalStateException that is not so after a minute, a member does not answer, or none runs; the message says why
     */
    public void awaitHealthy() {
        awaitHealthy(HEALTH_LIMIT);
    }

    /**
     * As {@link #awaitHealthy()}.
     *
     * @param atMost how long
     * @throws IllegalStateException it is not healthy by then, a member does not answer, or none runs; the message says why
     */
    public void awaitHealthy(Duration atMost) {
        awaitHealthy(atMost, members.running().toArray());
    }

    /**
     * As {@link #awaitHealthy()}, of one side of a partitioned network.
     *
     * @param atMost how long
     * @param numbers of the members that should see each other and nobody else
     * @throws IllegalStateException it is not healthy by then, or one of these does not run or answer; the message says why
     */
    public void awaitHealthy(Duration atMost, int... numbers) {
        if (numbers.length == 0) {
            throw new IllegalStateException("Nobody to wait for: members=" + members);
        }
        SortedSet<String> expected = new TreeSet<>();
        IntStream.of(numbers).forEach(number -> expected.add(ClusterBuilder.nameOf(number)));
        long endNanos = System.nanoTime() + atMost.toNanos();
        List<String> problems = members.problems(expected, endNanos, numbers);
        while (!problems.isEmpty()) {
            if (System.nanoTime() - endNanos >= 0) {
                throw new IllegalStateException("Not healthy: after=" + atMost + ", directory=" + directory
                        + ", problems:\n  " + String.join("\n  ", problems));
            }
            pauseBriefly();
            problems = members.problems(expected, endNanos, numbers);
        }
    }

    private static void pauseBriefly() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the cluster", e);
        }
    }

    /**
     * Kills what still runs, closes the client, and deletes the directories unless they are to be kept. On an interrupted thread too,
     * which stays interrupted; a second time it does nothing.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            closeAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void closeAll() {
        HoldfastInstance known = client;
        try {
            if (known != null) {
                known.close();
            }
        } finally {
            closeMembers();
        }
    }

    private void closeMembers() {
        try {
            members.close();
        } finally {
            network.close();
            if (kept || !ownDirectory) {
                LOG.info("Directories are kept: directory={}", directory);
            } else {
                Directories.delete(directory);
            }
        }
    }

    @Override
    public String toString() {
        return "HoldfastCluster[members=" + members + ", directory=" + directory + "]";
    }
}
