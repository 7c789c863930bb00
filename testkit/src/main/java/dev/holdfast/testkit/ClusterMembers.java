package dev.holdfast.testkit;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.NodeSurroundings;
import dev.holdfast.replication.transport.PeerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The members of a test's cluster by their numbers, what became of each, and starting and ending several at the same time. */
final class ClusterMembers implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final String HOST = "127.0.0.1";

    private enum State {
        RUNNING,
        PAUSED,
        DOWN,
        LEFT
    }

    private final ClusterBuilder plan;
    private final Path directory;
    private final FaultyNetwork network;
    private final TestClock clock;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "holdfast-cluster");
        thread.setDaemon(true);
        return thread;
    });
    private final List<PeerAddress> addresses = new ArrayList<>();
    private final List<ClusterMember> members = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private List<String> founders = List.of();

    /** @param directory of the cluster, which has one of each member */
    ClusterMembers(ClusterBuilder plan, Path directory, FaultyNetwork network, TestClock clock) {
        this.plan = plan;
        this.directory = directory;
        this.network = network;
        this.clock = clock;
    }

    /** Starts those of the plan. */
    void found() {
        for (int i = 0; i < plan.nodes(); i++) {
            addresses.add(new PeerAddress(HOST, Ports.free()));
        }
        founders = addresses();
        for (int i = 0; i < plan.nodes(); i++) {
            add(i);
        }
        start(all().toArray());
    }

    /** Starts one more; its number. */
    int join() {
        int number = size();
        addresses.add(new PeerAddress(HOST, Ports.free()));
        add(number);
        start(number);
        return number;
    }

    private void add(int number) {
        network.add(number, addresses.get(number));
        states.add(State.DOWN);
        members.add(member(number));
        running().forEach(other -> get(other).routesChanged());
    }

    private ClusterMember member(int number) {
        Config config = plan.config(number, directory(number), addresses.get(number), founders);
        return plan.isInProcesses()
                ? new MemberProcess(config, plan.timing(), network, number, clock)
                : new MemberHere(
                        config, new NodeSurroundings(plan.timing(), clock, address -> network.route(number, address)));
    }

    Path directory(int number) {
        return directory.resolve(ClusterBuilder.nameOf(number));
    }

    int size() {
        return members.size();
    }

    ClusterMember get(int number) {
        return members.get(number);
    }

    /** Where they listen. */
    List<String> addresses() {
        return addresses.stream().map(PeerAddress::toString).toList();
    }

    IntStream all() {
        return IntStream.range(0, size());
    }

    /** Those that run, without paused ones. */
    IntStream running() {
        return all().filter(this::isRunning);
    }

    boolean isRunning(int number) {
        return states.get(number) == State.RUNNING;
    }

    private boolean isUp(int number) {
        return isRunning(number) || states.get(number) == State.PAUSED;
    }

    /** Why they are not healthy, if those of {@code expected} are what they should see. */
    List<String> problems(SortedSet<String> expected, int... numbers) {
        List<String> problems = new ArrayList<>();
        IntStream.of(numbers).forEach(number -> problems.addAll(get(number).problems(expected)));
        return problems;
    }

    // ---- what may happen to them

    void kill(int number) {
        if (!isUp(number)) {
            throw doesNotRun(number);
        }
        states.set(number, State.DOWN);
        if (!plan.isInProcesses()) {
            network.down(number);
        }
        get(number).kill();
        network.down(number);
    }

    void killAll() {
        together(this::kill, all().filter(this::isUp).toArray());
    }

    void stop(int number) {
        running(number).stop();
        states.set(number, State.DOWN);
        network.down(number);
    }

    /** Starts members that are down, at the same time. */
    void start(int... numbers) {
        for (int number : numbers) {
            if (states.get(number) != State.DOWN) {
                throw new IllegalStateException("Not down: node=" + number + ", state=" + states.get(number));
            }
            members.set(number, member(number));
        }
        together(
                number -> {
                    network.up(number);
                    get(number).begin();
                    states.set(number, State.RUNNING);
                },
                numbers);
    }

    /** False if nobody took over what it holds. */
    boolean leave(int number, Duration atMost) {
        if (!running(number).leave(atMost)) {
            return false;
        }
        states.set(number, State.LEFT);
        network.down(number);
        return true;
    }

    void pause(int number) {
        running(number).pause();
        states.set(number, State.PAUSED);
    }

    void resume(int number) {
        get(number).resume();
        states.set(number, State.RUNNING);
        get(number).routesChanged(); // somebody may have joined meanwhile
        get(number).clockMoved(); // or time have passed
    }

    private ClusterMember running(int number) {
        if (!isRunning(number)) {
            throw doesNotRun(number);
        }
        return get(number);
    }

    private IllegalStateException doesNotRun(int number) {
        return new IllegalStateException("Does not run: node=" + number + ", state=" + states.get(number));
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

    /** Kills what still runs. */
    @Override
    public void close() {
        try {
            together(number -> get(number).kill(), all().toArray());
        } finally {
            threads.shutdownNow();
        }
    }

    @Override
    public String toString() {
        return states.toString();
    }
}
