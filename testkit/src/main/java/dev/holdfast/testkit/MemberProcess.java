package dev.holdfast.testkit;

import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ClusterTiming;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member in a process of its own, see {@link MemberMain}. */
final class MemberProcess implements ClusterMember {

    private static final int CONNECT_MILLIS = 60_000;
    private static final long SIGNAL_SECONDS = 10;
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    private final Config config;
    private final ClusterTiming timing;
    private final FaultyNetwork network;
    private final int number;
    private final TestClock clock;

    private volatile @Nullable ChildJvm process;
    private volatile @Nullable Socket line;
    private @Nullable DataInputStream in;
    private @Nullable DataOutputStream out;

    /** By how much it was told that the clock is ahead. */
    private Duration toldAhead = Duration.ZERO;

    MemberProcess(Config config, ClusterTiming timing, FaultyNetwork network, int number, TestClock clock) {
        this.config = config;
        this.timing = timing;
        this.network = network;
        this.number = number;
        this.clock = clock;
    }

    private Path file(String ending) {
        return config.getStorageConfig().getDirectory().resolveSibling(config.getNodeName() + ending);
    }

    @Override
    public synchronized void begin() {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port.setSoTimeout(CONNECT_MILLIS);
            Files.writeString(file(".yaml"), config.toYaml());
            ChildJvm started = ChildJvm.of(MemberMain.class)
                    .shortLived()
                    .arguments(
                            String.valueOf(port.getLocalPort()),
                            file(".yaml").toString(),
                            timing.equals(ClusterTiming.QUICK) ? MemberMain.QUICK : "production")
                    .lines(this::log)
                    .errorsTo(file(".err"))
                    .start();
            process = started;
            Socket socket = port.accept();
            line = socket;
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        } catch (IOException e) {
            kill();
            throw new UncheckedIOException("The process of a member did not start: node=" + config.getNodeName(), e);
        }
        try {
            routesChanged();
            clockMoved();
            call(MemberCall.BEGIN, List.of());
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
    }

    private void log(String line) {
        try {
            Files.writeString(
                    file(".log"), line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized List<String> call(MemberCall call, List<String> texts) {
        DataOutputStream asks = out;
        DataInputStream answers = in;
        if (asks == null || answers == null) {
            throw new IllegalStateException("Was not started: node=" + config.getNodeName());
        }
        try {
            call.write(asks, texts);
            List<String> answer = MemberCall.readTexts(answers);
            if (!answer.get(0).isEmpty()) {
                throw new IllegalStateException("A member failed: node=" + config.getNodeName() + ", call=" + call
                        + ", cause=" + answer.get(0));
            }
            return answer.subList(1, answer.size());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The process of a member is gone: node=" + config.getNodeName() + ", call=" + call + ", see "
                            + file(".log") + " and " + file(".err"),
                    e);
        }
    }

    @Override
    public HoldfastInstance instance() {
        throw new UnsupportedOperationException(
                "The member runs in a process of its own; use client() of the cluster: node=" + config.getNodeName());
    }

    @Override
    public void kill() {
        ChildJvm running = process;
        if (running != null) {
            running.kill();
        }
        hangUp();
    }

    private void hangUp() {
        Socket open = line;
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
        var unused = call(MemberCall.STOP, List.of());
        end();
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
        boolean left = Boolean.parseBoolean(call(MemberCall.LEAVE, List.of(String.valueOf(atMost.toMillis())))
                .get(0));
        if (left) {
            stop();
        }
        return left;
    }

    @Override
    public List<String> problems(SortedSet<String> expected) {
        return call(MemberCall.PROBLEMS, List.copyOf(expected));
    }

    @Override
    public synchronized void clockMoved() {
        Duration ahead = clock.ahead();
        var unused = call(
                MemberCall.ADVANCE,
                List.of(String.valueOf(ahead.minus(toldAhead).toMillis())));
        toldAhead = ahead;
    }

    @Override
    public synchronized void routesChanged() {
        if (out == null) {
            return;
        }
        List<String> pairs = new ArrayList<>();
        network.routesOf(number).forEach((listens, route) -> {
            pairs.add(listens.toString());
            pairs.add(route.toString());
        });
        var unused = call(MemberCall.ROUTES, pairs);
    }
}
