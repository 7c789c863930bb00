package dev.holdfast.testkit;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.NodeSurroundings;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.storage.log.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
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
 * <p>Of one thread at a time; what it hands out may be used by any. Long because it is what a test reads: most of it is Javadoc.
 */
public final class HoldfastCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HoldfastCluster.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(60);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 20;
    private static final String HOST = "127.0.0.1";

    private enum State {
        RUNNING,
        PAUSED,
        DOWN,
        LEFT
    }

    private final ClusterBuilder plan;
    private final Path directory;
    private final boolean ownDirectory;
    private final TestClock clock = new TestClock();
    private final FaultyNetwork network = new FaultyNetwork();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "holdfast-cluster");
        thread.setDaemon(true);
        return thread;
    });
    private final List<PeerAddress> addresses = new ArrayList<>();
    private final List<ClusterMember> members = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private List<String> founders = List.of();
    private boolean kept;
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
        this.plan = plan;
        Optional<Path> given = plan.directory();
        this.ownDirectory = given.isEmpty();
        try {
            this.directory = given.isEmpty()
                    ? Files.createTempDirectory("holdfast-cluster-")
                    : Files.createDirectories(given.get().toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void startAll() {
        for (int i = 0; i < plan.nodes(); i++) {
            addresses.add(new PeerAddress(HOST, Ports.free()));
        }
        founders = addresses.stream().map(PeerAddress::toString).toList();
        for (int i = 0; i < plan.nodes(); i++) {
            add(i);
        }
        restart(IntStream.range(0, plan.nodes()).toArray());
        awaitHealthy();
    }

    private void add(int number) {
        network.add(number, addresses.get(number));
        states.add(State.DOWN);
        members.add(member(number));
        running().forEach(other -> members.get(other).routesChanged());
    }

    private ClusterMember member(int number) {
        Config config = plan.config(number, directory(number), addresses.get(number), founders);
        return plan.isInProcesses()
                ? new MemberProcess(config, plan.timing(), network, number, clock)
                : new MemberHere(
                        config, new NodeSurroundings(plan.timing(), clock, address -> network.route(number, address)));
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
            known = newClient(list());
            client = known;
        }
        return known;
    }

    /**
     * A client more. It asks one member alone who leads what, as long as that has not closed its connection or kept silent for a
     * while: what it believes may be old.
     *
     * @param member its number
     * @return to be closed by the caller
     */
    public HoldfastInstance newClientOf(int member) {
        return newClient(List.of(addresses.get(member).toString()));
    }

    private static HoldfastInstance newClient(List<String> members) {
        ClientConfig config =
                new ClientConfig().setClusterName(ClusterBuilder.CLUSTER_NAME).setMembers(members);
        config.getSerializationConfig().addAllowedClasses("**");
        return Holdfast.newClient(config);
    }

    private List<String> list() {
        return addresses.stream().map(PeerAddress::toString).toList();
    }

    /**
     * The directory of a member.
     *
     * @param number of the member
     * @return absolute
     */
    public Path directory(int number) {
        return directory.resolve(ClusterBuilder.nameOf(number));
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
        return states.get(number) == State.RUNNING;
    }

    /**
     * Which member executes the tasks of a partition, as a running member sees it now.
     *
     * @param taskId of a task in the partition
     * @return its number; -1 while nobody does
     */
    public int primaryOf(long taskId) {
        return primaryOfPartition(new TaskId(taskId).partition().value());
    }

    /**
     * Which member executes the tasks of a partition, as a running member sees it now.
     *
     * @param partition its number
     * @return the member's number; -1 while nobody does
     */
    public int primaryOfPartition(int partition) {
        HoldfastInstance asked = plan.isInProcesses()
                ? client()
                : node(running().findFirst().orElseThrow(() -> new IllegalStateException("No member runs")));
        String primary = asked.getCluster().partitions().get(partition).primary();
        return IntStream.range(0, size())
                .filter(number -> ClusterBuilder.nameOf(number).equals(primary))
                .findFirst()
                .orElse(-1);
    }

    private IntStream running() {
        return IntStream.range(0, size()).filter(this::isRunning);
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
        requireUp(number);
        states.set(number, State.DOWN);
        if (!plan.isInProcesses()) {
            network.down(number);
        }
        members.get(number).kill();
        network.down(number);
    }

    /** Kills all members that run or are paused, at the same time. */
    public void killAll() {
        together(this::kill, IntStream.range(0, size()).filter(this::isUp).toArray());
    }

    /**
     * Stops a member in order, see {@link HoldfastInstance#close}. Its directory and its membership stay.
     *
     * @param number of the member
     * @throws IllegalStateException it is down or paused
     */
    public void stop(int number) {
        requireRunning(number);
        members.get(number).stop();
        states.set(number, State.DOWN);
        network.down(number);
    }

    /**
     * Starts members that are down, each on its directory and port, at the same time: a member waits for others if it needs them.
     * Blocks until they are members.
     *
     * @param numbers of the members
     * @throws IllegalStateException one is not down, or did not start in a minute and a half
     */
    public void restart(int... numbers) {
        for (int number : numbers) {
            if (states.get(number) != State.DOWN) {
                throw new IllegalStateException("Not down: node=" + number + ", state=" + states.get(number));
            }
            members.set(number, member(number));
        }
        together(
                number -> {
                    network.up(number);
                    members.get(number).begin();
                    states.set(number, State.RUNNING);
                },
                numbers);
    }

    /**
     * Starts a member more, with an empty directory, which joins the others. Blocks until it is a member; it gets copies of
     * partitions after that, see {@link #awaitHealthy()}.
     *
     * @return its number
     */
    public int join() {
        int number = size();
        addresses.add(new PeerAddress(HOST, Ports.free()));
        add(number);
        restart(number);
        return number;
    }

    /**
     * Has a member give up its membership, once others have what it holds, and stop. It does not come back.
     *
     * @param number of the member
     * @throws IllegalStateException nobody took over what it holds in a minute
     */
    public void leave(int number) {
        requireRunning(number);
        if (!members.get(number).leave(LEAVE_LIMIT)) {
            throw new IllegalStateException("Could not leave: node=" + number + ", limit=" + LEAVE_LIMIT);
        }
        states.set(number, State.LEFT);
        network.down(number);
    }

    /**
     * Stops the process of a member where it is, as a long pause of its machine would (SIGSTOP).
     *
     * @param number of the member
     * @throws UnsupportedOperationException it runs in this JVM
     */
    public void pause(int number) {
        requireRunning(number);
        members.get(number).pause();
        states.set(number, State.PAUSED);
    }

    /**
     * Lets a paused member go on (SIGCONT).
     *
     * @param number of the member
     * @throws UnsupportedOperationException it runs in this JVM
     */
    public void resume(int number) {
        members.get(number).resume();
        states.set(number, State.RUNNING);
        members.get(number).routesChanged(); // somebody may have joined meanwhile
        members.get(number).clockMoved(); // or time have passed
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
        IntStream.range(0, size()).filter(other -> other != number).forEach(other -> partition(number, other));
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
        running().forEach(number -> members.get(number).clockMoved());
    }

    // ---- to wait for it

    /**
     * Waits until all members that run see each other and nobody else, each partition has a primary that serves, and as
     * many copies as are wanted are in sync.
     *
     * @throws IllegalStateException that is not so after a minute; the message says why
     */
    public void awaitHealthy() {
        awaitHealthy(HEALTH_LIMIT);
    }

    /**
     * As {@link #awaitHealthy()}.
     *
     * @param atMost how long
     * @throws IllegalStateException it is not healthy by then; the message says why
     */
    public void awaitHealthy(Duration atMost) {
        awaitHealthy(atMost, running().toArray());
    }

    /**
     * As {@link #awaitHealthy()}, of one side of a partitioned network.
     *
     * @param atMost how long
     * @param numbers of the members that should see each other and nobody else
     * @throws IllegalStateException it is not healthy by then; the message says why
     */
    public void awaitHealthy(Duration atMost, int... numbers) {
        SortedSet<String> expected = new TreeSet<>();
        IntStream.of(numbers).forEach(number -> expected.add(ClusterBuilder.nameOf(number)));
        long endNanos = System.nanoTime() + atMost.toNanos();
        List<String> problems = problems(expected, numbers);
        while (!problems.isEmpty()) {
            if (System.nanoTime() - endNanos >= 0) {
                throw new IllegalStateException("Not healthy: after=" + atMost + ", directory=" + directory
                        + ", problems:\n  " + String.join("\n  ", problems));
            }
            pauseBriefly();
            problems = problems(expected, numbers);
        }
    }

    private List<String> problems(SortedSet<String> expected, int... numbers) {
        List<String> problems = new ArrayList<>();
        IntStream.of(numbers)
                .forEach(number -> problems.addAll(members.get(number).problems(expected)));
        return problems;
    }

    private static void pauseBriefly() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the cluster", e);
        }
    }

    // ---- helpers, and the end

    private boolean isUp(int number) {
        return isRunning(number) || states.get(number) == State.PAUSED;
    }

    private void requireUp(int number) {
        if (!isUp(number)) {
            throw new IllegalStateException("Does not run: node=" + number + ", state=" + states.get(number));
        }
    }

    private void requireRunning(int number) {
        if (!isRunning(number)) {
            throw new IllegalStateException("Does not run: node=" + number + ", state=" + states.get(number));
        }
    }

    private void together(IntConsumer work, int... numbers) {
        List<Future<?>> all = new ArrayList<>();
        IntStream.of(numbers).forEach(number -> all.add(threads.submit(() -> work.accept(number))));
        long endNanos = System.nanoTime() + START_LIMIT.toNanos();
        try {
            for (Future<?> each : all) {
                each.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("A member failed: directory=" + directory, e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "Members did not start or end in time: limit=" + START_LIMIT + ", directory=" + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while members start or end", e);
        } finally {
            all.forEach(each -> each.cancel(true));
        }
    }

    /** Kills what still runs, closes the client, and deletes the directories unless they are to be kept. */
    @Override
    public void close() {
        HoldfastInstance known = client;
        if (known != null) {
            known.close();
        }
        try {
            together(
                    number -> members.get(number).kill(),
                    IntStream.range(0, size()).toArray());
        } finally {
            threads.shutdownNow();
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
        return "HoldfastCluster[states=" + states + ", directory=" + directory + "]";
    }
}
