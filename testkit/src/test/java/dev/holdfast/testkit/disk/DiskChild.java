package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link DiskNode} as the test sees it. Of one thread. */
final class DiskChild implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ChildJvm process;
    private final LinkedBlockingQueue<String> lines;
    private final Path errors;
    private final Path crash;

    private DiskChild(ChildJvm process, LinkedBlockingQueue<String> lines, Path errors, Path crash) {
        this.process = process;
        this.lines = lines;
        this.errors = errors;
        this.crash = crash;
    }

    /** How to start one. */
    record Start(Path folder, Path data, SyncPolicy sync, Path javaHome, List<String> under) {

        Start(Path folder, Path data, SyncPolicy sync) {
            this(folder, data, sync, Path.of(System.getProperty("java.home")), List.of());
        }

        Start with(Path otherHome) {
            return new Start(folder, data, sync, otherHome, under);
        }

        /** What a JDK of 23 and newer wants said. */
        private String[] ofAnotherJdk() {
            return javaHome.equals(Path.of(System.getProperty("java.home")))
                    ? new String[0]
                    : new String[] {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"};
        }

        Start under(List<String> program) {
            return new Start(folder, data, sync, javaHome, program);
        }
    }

    /** Started, and not yet asked whether it is ready. */
    static DiskChild start(Start start) {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Path errors = start.folder().resolve("errors.txt");
        Path crash = start.folder().resolve("hs_err.log");
        ChildJvm process = ChildJvm.of(DiskNode.class)
                .javaHome(start.javaHome())
                .under(start.under().toArray(String[]::new))
                .shortLived()
                .flags("-Xmx128m", "-XX:ErrorFile=" + crash, "-XX:-CreateCoredumpOnCrash")
                .flags(start.ofAnotherJdk())
                .arguments(start.data().toString(), start.sync().name())
                .errorsTo(errors)
                .lines(lines::add)
                .start();
        return new DiskChild(process, lines, errors, crash);
    }

    /** Started, and ready. */
    static DiskChild ready(Start start) throws Exception {
        DiskChild child = start(start);
        try {
            assertThat(child.next()).as("started; see %s", child.tail()).isEqualTo("READY");
            return child;
        } catch (Exception | Error e) {
            child.close();
            throw e;
        }
    }

    /** The next line that it says. */
    String next() throws Exception {
        String line = lines.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(line)
                .as("it says something in time; alive=%s, %s", process.isAlive(), tail())
                .isNotNull();
        return line;
    }

    /** Has it do something. */
    List<String> ask(String line) throws Exception {
        process.send(line);
        return answers();
    }

    /** What it says up to the end of one request. */
    List<String> answers() throws Exception {
        List<String> answers = new ArrayList<>();
        for (String line = next(); !line.equals("DONE"); line = next()) {
            answers.add(line);
        }
        return answers;
    }

    /** Has it do something, and does not wait for it. */
    void tell(String line) {
        process.send(line);
    }

    /** Submits until one is refused, or so many; notes what is stored. */
    String submit(String prefix, int count, int bytes, Map<Long, String> stored) throws Exception {
        String refusal = "";
        for (String line : ask("SUBMIT " + prefix + " " + count + " " + bytes)) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("STORED")) {
                stored.put(Long.parseLong(words[2]), words[1]);
            } else {
                refusal = line;
            }
        }
        return refusal;
    }

    /** The one answer of a task's result. */
    String result(long id) throws Exception {
        return ask("RESULT " + id).get(0);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int await() {
        return process.await(LIMIT);
    }

    void kill() {
        process.kill();
    }

    /** What it said that nobody has asked for. */
    List<String> unread() {
        List<String> unread = new ArrayList<>();
        lines.drainTo(unread);
        return unread;
    }

    /** No fault of memory ended it, or was caught as one. */
    void hasNotCrashed() throws IOException {
        assertThat(crash).as("a fatal error of the JVM").doesNotExist();
        assertThat(log()).doesNotContain("InternalError");
    }

    String log() throws IOException {
        return Files.exists(errors) ? Files.readString(errors) : "";
    }

    /** The end of what it logged. */
    String tail() throws IOException {
        String log = log();
        return log.substring(Math.max(0, log.length() - 12_000));
    }

    @Override
    public void close() {
        process.close();
    }
}
