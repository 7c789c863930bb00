package dev.holdfast.testkit;

import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ClusterTiming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A member in a process of its own, see {@link MemberMain}; of one life. */
final class MemberProcess implements ClusterMember {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(60);
    private static final int LOOK_MILLIS = 200;

    /** Longer than the cluster waits for all of them. */
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(120);

    /** For what needs memory only. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    /** Beside the time that tasks are given. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

    private static final long SIGNAL_SECONDS = 10;
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final Duration GONE_LIMIT = Duration.ofSeconds(2);

    private final Config config;
    private final ClusterTiming timing;
    private final FaultyNetwork network;
    private final int number;
    private final TestClock clock;
    private final Class<?> program;

    /** Holds {@link #killed}, and is held for a moment only: a kill does not wait for a begin. */
    private final Object life = new Object();

    private boolean killed;
    private volatile @Nullable ChildJvm process;
    private volatile @Nullable MemberLine line;

    /** By how much it was told that the clock is ahead. */
    private Duration toldAhead = Duration.ZERO;

    MemberProcess(Config config, ClusterTiming timing, FaultyNetwork network, int number, TestClock clock) {
        this(config, timing, network, number, clock, MemberMain.class);
    }

    /** @param program understands what {@link MemberMain} does */
    MemberProcess(
            Config config, ClusterTiming timing, FaultyNetwork network, int number, TestClock clock, Class<?> program) {
        this.config = config;
        this.timing = timing;
        this.network = network;
        this.number = number;
        this.clock = clock;
        this.program = program;
    }

    private Path file(String ending) {
        return config.getStorageConfig().getDirectory().resolveSibling(config.getNodeName() + ending);
    }

    @Override
    public void begin() {
        try {
            connect();
            routesChanged();
            clockMoved();
            var unused = call(MemberCall.BEGIN, List.of(), BEGIN_LIMIT);
        } catch (RuntimeException | Error e) {
            boolean byOthers = isKilled();
            killBecause(e);
            if (byOthers) {
                throw new IllegalStateException("Was killed while it began: " + which(), e);
            }
            throw e;
        }
    }

    private void connect() {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port.setSoTimeout(LOOK_MILLIS);
            Files.writeString(file(".yaml"), config.toYaml());
            ChildJvm started = launch(port.getLocalPort());
            MemberLine connected = new MemberLine(accept(port, started), config.getNodeName());
            line = connected;
            if (isKilled()) {
                connected.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The process of a member did not start: " + which(), e);
        }
    }

    private ChildJvm launch(int port) {
        synchronized (life) {
            if (killed) {
                throw new IllegalStateException("Is killed: " + which());
            }
            ChildJvm started = ChildJvm.of(program)
                    .shortLived()
                    .arguments(
                            String.valueOf(port),
                            file(".yaml").toString(),
                            timing.equals(ClusterTiming.QUICK) ? MemberMain.QUICK : "production")
                    .lines(this::log)
                    .errorsTo(file(".err"))
                    .start();
            process = started;
            return started;
        }
    }

    /** In slices: a process that has died will not connect. */
    private Socket accept(ServerSocket port, ChildJvm started) throws IOException {
        long endNanos = System.nanoTime() + CONNECT_LIMIT.toNanos();
        while (true) {
            try {
                return port.accept();
            } catch (SocketTimeoutException e) {
                if (!started.isAlive()) {
                    throw new IllegalStateException("The process of a member ended before it connected: " + which(), e);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("Interrupted while a member began: " + which(), e);
                }
                if (System.nanoTime() - endNanos >= 0) {
                    throw new IllegalStateException(
                            "The process of a member did not connect: limit=" + CONNECT_LIMIT + ", " + which(), e);
                }
            }
        }
    }

    private void log(String text) {
        try {
            Files.writeString(
                    file(".log"), text + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For messages: which member it is, what became of its process, and where to look. */
    private String which() {
        ChildJvm running = process;
        return "node=" + config.getNodeName() + (running == null ? "" : ", " + running.fate()) + ", see " + file(".log")
                + " and " + file(".err");
    }

    private List<String> call(MemberCall call, List<String> texts, Duration atMost) {
        MemberLine asked = line;
        if (asked == null) {
            throw new IllegalStateException("Was not started: node=" + config.getNodeName());
        }
        try {
            List<String> answer = asked.ask(call, texts).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            if (!answer.get(0).isEmpty()) {
                throw new IllegalStateException(
                        "A member failed: call=" + call + ", cause=" + answer.get(0) + ", " + which());
            }
            return answer.subList(1, answer.size());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "A member does not answer: call=" + call + ", limit=" + atMost + ", " + which(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a member answers: call=" + call + ", " + which(), e);
        } catch (IOException | ExecutionException e) {
            ChildJvm running = process;
            boolean unused = running != null && running.hasEndedWithin(GONE_LIMIT); // so that its exit code is known
            throw new IllegalStateException("The process of a member is gone: call=" + call + ", " + which(), e);
        }
    }

    @Override
    public HoldfastInstance instance() {
        throw new UnsupportedOperationException(
                "The member runs in a process of its own; use client() of the cluster: node=" + config.getNodeName());
    }

    /** One that begins at the moment does not come to be. */
    @Override
    public void kill() {
        ChildJvm running;
        synchronized (life) {
            killed = true;
            running = process;
        }
        try {
            if (running != null) {
                running.kill();
            }
        } finally {
            hangUp();
        }
    }

    private boolean isKilled() {
        synchronized (life) {
            return killed;
        }
    }

    private void killBecause(Throwable reason) {
        try {
            kill();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private void hangUp() {
        MemberLine open = line;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The line to a member could not be closed: node=" + config.getNodeName(), e);
        }
    }

    @Override
    public void stop() {
        var unused = call(MemberCall.STOP, List.of(), closeLimit());
        end();
    }

    private Duration closeLimit() {
        return config.getShutdownGrace().plus(CLOSE_LIMIT);
    }

    private void end() {
        ChildJvm running = process;
        if (running != null) {
            int unused = running.await(END_LIMIT);
        }
        hangUp();
    }

    @Override
    public void pause() {
        signal("STOP");
    }

    @Override
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        ChildJvm running = process;
        if (running == null) {
            throw new IllegalStateException("Was not started: node=" + config.getNodeName());
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(running.pid()))
                    .redirectErrorStream(true)
                    .start();
            if (!kill.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("The signal was not sent: signal=" + name + ", pid=" + running.pid());
            }
        } catch (IOException e) {
            throw new UnsupportedOperationException("This system has no command to send a signal: kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a signal was sent: signal=" + name, e);
        }
    }

    @Override
    public boolean leave(Duration atMost) {
        boolean left = Boolean.parseBoolean(
                call(MemberCall.LEAVE, List.of(String.valueOf(atMost.toMillis())), atMost.plus(closeLimit()))
                        .get(0));
        if (left) {
            stop();
        }
        return left;
    }

    @Override
    public List<String> problems(SortedSet<String> expected, Duration atMost) {
        return call(MemberCall.PROBLEMS, List.copyOf(expected), atMost);
    }

    @Override
    public Lead leadOf(int partition) {
        List<String> answer = call(MemberCall.LEAD, List.of(String.valueOf(partition)), ANSWER_LIMIT);
        return new Lead(answer.get(0), Long.parseLong(answer.get(1)));
    }

    @Override
    public synchronized void clockMoved() {
        Duration by = clock.ahead().minus(toldAhead);
        toldAhead = toldAhead.plus(by); // before the answer: it may do it even if it is late with that
        var unused = call(MemberCall.ADVANCE, List.of(String.valueOf(by.toMillis())), ANSWER_LIMIT);
    }

    @Override
    public void routesChanged() {
        if (line == null) {
            return;
        }
        List<String> pairs = new ArrayList<>();
        network.routesOf(number).forEach((listens, route) -> {
            pairs.add(listens.toString());
            pairs.add(route.toString());
        });
        var unused = call(MemberCall.ROUTES, pairs, ANSWER_LIMIT);
    }
}
