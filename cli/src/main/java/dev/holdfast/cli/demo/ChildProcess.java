package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The parent's hold on a child: started with this JVM's class path, its events read by a thread of its own, killed when the
 * parent ends for whatever reason (a hook; and the child itself ends when its standard input does).
 */
final class ChildProcess implements AutoCloseable {

    /** 128 and the signal's number, as the JDK and shells report it. */
    static final int EXIT_OF_SIGKILL = 137;

    private static final int JDK_WITH_UNSAFE_FLAG = 23;

    /** As the launcher starts a node, where the system has them. */
    private static final String HUGE_PAGES = "-XX:+UseTransparentHugePages";

    private static final long LAST_WORDS_MILLIS = 5_000;

    private final Process process;
    private final Path log;
    private final Thread reader;
    private final Thread hook;
    private final BlockingQueue<Optional<ChildEvent>> events = new LinkedBlockingQueue<>();

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.reader = new Thread(this::readEvents, "demo-child-events");
        this.hook = new Thread(process::destroyForcibly, "demo-child-killer");
        reader.setDaemon(true);
    }

    /**
     * Starts it.
     *
     * @param program has a {@code main}
     * @param log what the child's libraries print
     */
    static ChildProcess start(Class<?> program, List<String> arguments, Path log) throws IOException {
        Process process = new ProcessBuilder(command(program, arguments))
                .redirectError(log.toFile())
                .start();
        ChildProcess child = new ChildProcess(process, log);
        Runtime.getRuntime().addShutdownHook(child.hook);
        child.reader.start();
        return child;
    }

    private static List<String> command(Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What the manifest of the console's jar opens for `java -jar`.
        command.add("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
        command.add("--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");
        command.add("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");
        if (Runtime.version().feature() >= JDK_WITH_UNSAFE_FLAG) {
            command.add("--sun-misc-unsafe-memory-access=allow");
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-Dholdfast.log=INFO"); // into a file of its own
        if (ManagementFactory.getRuntimeMXBean().getInputArguments().contains(HUGE_PAGES)) {
            command.add(HUGE_PAGES);
        }
        String options = System.getenv().getOrDefault("HOLDFAST_JAVA_OPTS", "").strip();
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split("\\s+")));
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        command.addAll(arguments);
        return command;
    }

    private void readEvents() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ChildEvent event = ChildEvent.parse(line);
                if (event != null) {
                    events.add(Optional.of(event));
                }
            }
        } catch (IOException | UncheckedIOException streamEndedWithTheProcess) {
            // the end is reported below
        } finally {
            events.add(Optional.empty());
        }
    }

    /**
     * The next event, or empty when the child's output has ended.
     *
     * @param patience without an event for so long the child counts as stuck, and is killed
     */
    Optional<ChildEvent> next(Duration patience) throws InterruptedException {
        Optional<ChildEvent> event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (event != null) {
            return event;
        }
        kill();
        throw new CommandFailure(
                ExitCodes.FAILED,
                "The demo's node showed no sign of life for " + patience.toSeconds() + " s and was killed: pid="
                        + process.pid() + ", log=" + log);
    }

    /** The next event if there is one, without waiting. */
    Optional<ChildEvent> poll() {
        Optional<ChildEvent> event = events.poll();
        return event == null ? Optional.empty() : event;
    }

    /** A word for the child, on a line of its own. */
    void say(String word) throws IOException {
        process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Whether it has ended in time; all it has said can be polled then. */
    boolean awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        reader.join(LAST_WORDS_MILLIS);
        return true;
    }

    long pid() {
        return process.pid();
    }

    Path log() {
        return log;
    }

    /** SIGKILL, and waits until the process is gone. */
    int kill() throws InterruptedException {
        process.destroyForcibly();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    /** Leaves no process behind. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // then the hook runs, and does the same
        }
    }
}
