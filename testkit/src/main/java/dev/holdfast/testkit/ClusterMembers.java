package dev.holdfast.testkit;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.NodeSurroundings;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.testkit.ClusterMember.Lead;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The members of a test's cluster by their numbers, what became of each, and starting and ending several at the same time. */
final class ClusterMembers implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration GIVEN_UP_LIMIT = Duration.ofSeconds(30);

    /** That a member has to answer, however little time is left. */
    private static final Duration LEAST = Duration.ofSeconds(5);

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
        return number >= 0 && number < size() && states.get(number) == State.RUNNING;
    }

    private boolean isUp(int number) {
        return isRunning(number) || states.get(number) == State.PAUSED;
    }

    /** Why they are not healthy, if those of {@code expected} are what they should see. */
    List<String> problems(SortedSet<String> expected, long endNanos, int... numbers) {
        List<String> problems = new ArrayList<>();
        for (int number : numbers) {
            Duration left = Duration.ofNanos(endNanos - System.nanoTime());
            problems.addAll(running(number).problems(expected, left.compareTo(LEAST) < 0 ? LEAST : left));
        }
        return problems;
    }

    /** Whose name those that run know as the leader's, as of the greatest epoch that one of them knows; empty while nobody leads. */
    String leaderOf(int partition) {
        Map<String, Lead> known = new LinkedHashMap<>();
        running()
                .forEach(number ->
                        known.put(ClusterBuilder.nameOf(number), get(number).leadOf(partition)));
        long newest = known.values().stream()
                .mapToLong(Lead::epoch)
                .max()
                .orElseThrow(() -> new IllegalStateException("No member runs: members=" + this));
        known.values().removeIf(lead -> lead.epoch() < newest);
        String leader = known.values().stream()
                .map(Lead::name)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
        // It knows best whether it does: the others do not see that its lease is out.
        return known.getOrDefault(leader, new Lead(leader, newest)).name();
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
        try {
            get(number).kill();
        } finally {
            network.down(number);
        }
    }

    void killAll() {
        each(this::kill, all().filter(this::isUp).toArray());
    }

    void stop(int number) {
        running(number).stop();
        states.set(number, State.DOWN);
        network.down(number);
    }

    /** Starts members at the same time; of those that run, after they were stopped in order. */
    void restart(int... numbers) {
        for (int number : numbers) { // before the first of them is stopped
            if (!isRunning(number)) {
                checkDown(number);
            }
        }
        IntStream.of(numbers).filter(this::isRunning).forEach(this::stop);
        start(numbers);
    }

    private void checkDown(int number) {
        if (states.get(number) != State.DOWN) {
            throw new IllegalStateException("Not down: node=" + number + ", state=" + states.get(number));
        }
    }

    /** Starts members that are down, at the same time. */
    void start(int... numbers) {
        IntStream.of(numbers).forEach(this::checkDown);
        for (int number : numbers) {
            get(number).kill(); // one whose start has failed may still be about to begin
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
        if (number < 0 || number >= size() || states.get(number) != State.PAUSED) {
            throw new IllegalStateException("Not paused: node=" + number + ", members=" + this);
        }
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
        return new IllegalStateException("Does not run: node=" + number + ", members=" + this);
    }

    /** The first that fails is what is told; the others, which may wait for it, are given up. */
    private void together(IntConsumer work, int... numbers) {
        CompletionService<Integer> ends = new ExecutorCompletionService<>(threads);
        Map<Future<Integer>, Integer> open = new LinkedHashMap<>();
        IntStream.of(numbers).forEach(number -> open.put(ends.submit(() -> work.accept(number), number), number));
        long endNanos = System.nanoTime() + LIMIT.toNanos();
        try {
            while (!open.isEmpty()) {
                Future<Integer> next = ends.poll(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new IllegalStateException("Members did not start in time: nodes=" + open.values() + ", limit="
                            + LIMIT + ", directory=" + directory);
                }
                open.remove(next);
                int unused = next.get();
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while members start: nodes=" + open.values(), e);
        } finally {
            open.keySet().forEach(each -> each.cancel(true));
        }
    }

    private RuntimeException failure(@Nullable Throwable cause) {
        return cause instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("A member failed: directory=" + directory, cause);
    }

    /** All of them, whatever happens to one, and on an interrupted thread as well: its flag is as it was then. */
    private void each(IntConsumer kill, int... numbers) {
        List<CompletableFuture<Void>> all = IntStream.of(numbers)
                .mapToObj(number -> CompletableFuture.runAsync(() -> kill.accept(number), threads))
                .toList();
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join(); // which waits also if it is interrupted
        } catch (CompletionException e) {
            RuntimeException first = e.getCause() instanceof TimeoutException
                    ? new IllegalStateException(
                            "Members did not end in time: limit=" + LIMIT + ", directory=" + directory, e)
                    : failure(e.getCause());
            all.forEach(each -> suppressIn(first, each));
            throw first;
        }
    }

    private static void suppressIn(RuntimeException first, CompletableFuture<Void> ended) {
        if (!ended.isCompletedExceptionally()) {
            return;
        }
        try {
            ended.join();
        } catch (CompletionException e) {
            Throwable other = e.getCause();
            if (other != null && other != first && other != first.getCause()) {
                first.addSuppressed(other);
            }
        }
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        try {
            each(number -> get(number).kill(), all().toArray());
        } finally {
            threads.shutdownNow();
            awaitWhatWasGivenUp();
            Ports.release(addresses.stream().map(PeerAddress::port).toList());
        }
    }

    /** A start that was given up may be about to make its directory, which is deleted next. On an interrupted thread as well. */
    private void awaitWhatWasGivenUp() {
        long endNanos = System.nanoTime() + GIVEN_UP_LIMIT.toNanos();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended && System.nanoTime() - endNanos < 0) {
            try {
                ended = threads.awaitTermination(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return states.toString();
    }
}
