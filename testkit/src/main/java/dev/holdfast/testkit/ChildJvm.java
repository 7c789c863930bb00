package dev.holdfast.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own with this one's class path and module flags. What it prints is handed over line by line, the whole lines
 * of a killed one included: what it said before it died is known. Thread-safe; close it, and it is gone, as it is when this JVM ends.
 */
public final class ChildJvm implements AutoCloseable {

    private static final Duration GONE_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final Thread reader;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Of the first line that its consumer did not take; until somebody is told. */
    private volatile @Nullable IllegalStateException notTaken;

    private ChildJvm(Process process, Consumer<String> lines) {
        this.process = process;
        RunningChildren.add(process);
        this.reader = new Thread(() -> read(lines), "child-jvm-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** What to start. */
    public static final class Builder {

        private final String mainClass;
        private final List<String> arguments = new ArrayList<>();
        private final List<String> flags = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private String classPath =
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        private final List<String> under = new ArrayList<>();
        private Path javaHome = Path.of(System.getProperty("java.home"));
        private Consumer<String> lines = line -> {};
        private ProcessBuilder.Redirect errors = ProcessBuilder.Redirect.INHERIT;

        private Builder(String mainClass) {
            this.mainClass = mainClass;
        }

        /**
         * Arguments for its main method.
         *
         * @param more added to those there are
         * @return this
         */
        public Builder arguments(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        /**
         * Flags beside those of this JVM's module access, for example {@code -Xmx64m}.
         *
         * @param more added to those there are
         * @return this
         */
        public Builder flags(String... more) {
            flags.addAll(List.of(more));
            return this;
        }

        /**
         * For a process that lives for seconds: it stops at the JVM's first compiler, and one thread collects, which costs a
         * third less of CPU time.
         *
         * @return this
         */
        public Builder shortLived() {
            return flags("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        }

        /**
         * Puts a folder before the class path of this JVM.
         *
         * @param folder of classes
         * @return this
         */
        public Builder classPathFirst(Path folder) {
            classPath = folder + System.getProperty("path.separator") + classPath;
            return this;
        }

        /**
         * Leaves entries out of the class path.
         *
         * @param which of them, by their file names
         * @return this
         */
        public Builder classPathWithout(Predicate<String> which) {
            classPath = Arrays.stream(classPath.split(File.pathSeparator))
                    .filter(entry -> !which.test(String.valueOf(Path.of(entry).getFileName())))
                    .collect(Collectors.joining(File.pathSeparator));
            return this;
        }

        /**
         * Sets an environment variable; the others are those of this JVM.
         *
         * @param name of the variable
         * @param value its value
         * @return this
         */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Starts it with another JDK than that of this JVM.
         *
         * @param home of the JDK, with {@code bin/java} in it
         * @return this
         */
        public Builder javaHome(Path home) {
            javaHome = home;
            return this;
        }

        /**
         * Has another program start it, which gets the JVM's command as its last arguments. {@link ChildJvm#pid} is that of the
         * program: it should become the JVM, as {@code exec} does, or {@code strace -D}.
         *
         * @param program and its own arguments
         * @return this
         */
        public Builder under(String... program) {
            under.addAll(List.of(program));
            return this;
        }

        /**
         * Who is told what it prints.
         *
         * @param consumer called with each whole line of standard output, in order, by one thread. If it throws, it gets the next
         *     lines all the same, and {@link ChildJvm#await}, {@link ChildJvm#kill} or {@link ChildJvm#close} tells of the first
         * @return this
         */
        public Builder lines(Consumer<String> consumer) {
            lines = consumer;
            return this;
        }

        /**
         * Where its standard error goes; without this, to that of this JVM.
         *
         * @param file appended to
         * @return this
         */
        public Builder errorsTo(Path file) {
            errors = ProcessBuilder.Redirect.appendTo(file.toFile());
            return this;
        }

        /**
         * Starts it.
         *
         * @return to be closed by the caller
         * @throws UncheckedIOException the process could not be started
         */
        public ChildJvm start() {
            List<String> command = new ArrayList<>(under);
            command.add(javaHome.resolve("bin").resolve("java").toString());
            command.addAll(moduleFlags());
            command.addAll(flags);
            command.add("-cp");
            command.add(classPath);
            command.add(mainClass);
            command.addAll(arguments);
            try {
                ProcessBuilder process = new ProcessBuilder(command).redirectError(errors);
                process.environment().putAll(environment);
                return new ChildJvm(process.start(), lines);
            } catch (IOException e) {
                throw new UncheckedIOException("Child JVM did not start: command=" + command, e);
            }
        }
    }

    /**
     * A JVM that runs a class of this class path.
     *
     * @param mainClass has a main method
     * @return to be started
     */
    public static Builder of(Class<?> mainClass) {
        return of(mainClass.getName());
    }

    /**
     * A JVM that runs the class of that name.
     *
     * @param mainClass full name; has a main method
     * @return to be started
     */
    public static Builder of(String mainClass) {
        return new Builder(mainClass);
    }

    /** The flags of this JVM that open modules: a child needs them too. */
    static List<String> moduleFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens")
                        || flag.startsWith("--add-exports")
                        || flag.startsWith("--enable-native-access")
                        || flag.startsWith("--sun-misc-unsafe-memory-access")
                        || flag.startsWith("-javaagent:")
                        || flag.startsWith("-Dchronicle."))
                .toList();
    }

    /**
     * Its process id.
     *
     * @return the operating system's
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether it runs.
     *
     * @return false once the process is gone
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Writes a line to the child's standard input.
     *
     * @param line without its end
     * @throws UncheckedIOException it does not read any more
     */
    public void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Child JVM does not read: pid=" + pid(), e);
        }
    }

    /**
     * SIGKILL; returns when the process is gone and all it printed was handed over.
     *
     * @throws IllegalStateException what it printed was not taken
     */
    public void kill() {
        // Through its handle: Process.destroyForcibly closes the pipe, and what was said and not yet read is lost.
        boolean unused = process.toHandle().destroyForcibly();
        await(GONE_LIMIT);
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /**
     * Waits for the end, all output handed over.
     *
     * @param limit how long at most
     * @return the exit code; 128 + n after signal n
     * @throws IllegalStateException it did not end in time, it is killed then; or who was to take what it printed threw an exception
     */
    public int await(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    || !ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Child JVM did not end: pid=" + pid() + ", limit=" + limit);
            }
            tellOfWhatWasNotTaken();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("Interrupted while a child JVM ended: pid=" + pid(), e);
        }
    }

    /** Once only: a close behind an {@link #await} that failed has nothing to add. */
    private void tellOfWhatWasNotTaken() {
        IllegalStateException first = notTaken;
        notTaken = null;
        if (first != null) {
            throw first;
        }
    }

    /** Whether it has ended by then; what it printed may not have been handed over yet. */
    boolean hasEndedWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** For messages: its pid, and the exit code of one that has ended. */
    String fate() {
        return "pid=" + pid() + (process.isAlive() ? "" : ", exit=" + process.exitValue());
    }

    /** Kills it if it runs, on an interrupted thread as well. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (process.isAlive()) {
                kill();
            } else {
                int unused = await(GONE_LIMIT);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            WholeLines.forEach(in, line -> take(line, lines));
        } catch (IOException e) {
            // The pipe of a killed process may break: what was whole has been handed over.
        } finally {
            ended.countDown();
        }
    }

    /** Goes on whatever the consumer throws: a test would go by half of what was said, and the child stand still at a full pipe. */
    private void take(String line, Consumer<String> lines) {
        try {
            lines.accept(line);
        } catch (RuntimeException | Error e) {
            if (notTaken == null) {
                notTaken = new IllegalStateException(
                        "What a child JVM printed was not taken: pid=" + pid() + ", line=" + line + ", cause=" + e, e);
            }
        }
    }
}
