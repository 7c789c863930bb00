package dev.holdfast.cli.demo;

import dev.holdfast.cli.demo.ChildEvent.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the parent saw of every task, apart from what the node stores: before the present process of the child, and from
 * it. Kept in a file as well, so that {@code --resume} knows what was promised before. A result that was seen once and
 * looks different later was executed and stored twice.
 */
final class Sightings implements AutoCloseable {

    private final Life before;
    private Life now;
    private final BitSet twice = new BitSet();
    private final BufferedWriter journal;
    private @Nullable String process;
    private boolean killed;
    private boolean several;
    private long tasks = -1;

    private Sightings(int files, BufferedWriter journal) {
        this.before = new Life(files);
        this.now = new Life(files);
        this.journal = journal;
    }

    /** Ids, results and failures by file. */
    private static final class Life {
        final long[] ids;
        final @Nullable FileDigest[] digests;
        final @Nullable String[] failures;
        final BitSet served = new BitSet();
        int ended;

        Life(int files) {
            ids = new long[files];
            digests = new FileDigest[files];
            failures = new String[files];
        }
    }

    /** Takes up what {@code file} holds of earlier processes, and goes on writing to it. */
    static Sightings open(Path file, int files) throws IOException {
        String earlier = Files.exists(file) ? Files.readString(file) : "";
        Sightings sightings = new Sightings(
                files,
                Files.newBufferedWriter(
                        file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        if (!earlier.isEmpty() && !earlier.endsWith("\n")) {
            sightings.journal.write("\n"); // the parent was killed while it wrote
        }
        try (Stream<String> lines = earlier.lines()) {
            lines.map(ChildEvent::parse).forEach(event -> {
                if (event != null) {
                    sightings.apply(event);
                }
            });
        }
        return sightings;
    }

    /** Takes in an event and writes it down. */
    void record(ChildEvent event) throws IOException {
        apply(event);
        if (event.kind() != Kind.ALIVE) {
            journal.write(event.toLine() + "\n");
            journal.flush();
        }
    }

    private void apply(ChildEvent event) {
        int file = event.file();
        switch (event.kind()) {
            case READY -> beginLife(event.text());
            case STORED -> noteId(file, event.taskId());
            case SERVED -> {
                now.served.set(file);
                noteEnd(file, event.digest(), null);
            }
            case FINISHED -> noteEnd(file, event.digest(), null);
            case FAILED -> noteEnd(file, null, event.text());
            case TASKS -> tasks = event.count();
            case KILLED -> killed = true;
            case ALIVE, HELD, DONE, TROUBLE -> {
                // nothing about a task
            }
        }
    }

    private void beginLife(@Nullable String newProcess) {
        process = newProcess;
        for (int file = 0; file < before.ids.length; file++) {
            compare(file);
            before.ids[file] = before.ids[file] == 0 ? now.ids[file] : before.ids[file];
            before.digests[file] = before.digests[file] == null ? now.digests[file] : before.digests[file];
            before.failures[file] = before.failures[file] == null ? now.failures[file] : before.failures[file];
        }
        now = new Life(before.ids.length);
        tasks = -1;
    }

    private void noteId(int file, long taskId) {
        if (now.ids[file] != 0 && now.ids[file] != taskId) {
            twice.set(file);
        }
        now.ids[file] = taskId;
        compare(file);
    }

    private void noteEnd(int file, @Nullable FileDigest digest, @Nullable String failure) {
        FileDigest first = now.digests[file];
        if (first != null && digest != null && !first.equals(digest)) {
            twice.set(file);
        }
        if (first == null && now.failures[file] == null) {
            now.ended++;
        }
        now.digests[file] = digest;
        now.failures[file] = failure;
        compare(file);
    }

    private void compare(int file) {
        boolean otherId = before.ids[file] != 0 && now.ids[file] != 0 && before.ids[file] != now.ids[file];
        FileDigest earlier = before.digests[file];
        FileDigest later = now.digests[file];
        if (otherId || (earlier != null && later != null && !earlier.equals(later))) {
            twice.set(file);
        }
    }

    // ---- what was seen

    /** Tasks whose end the present process reported. */
    int ended() {
        return now.ended;
    }

    /** Results that the present process had before it executed anything. */
    int served() {
        return now.served.cardinality();
    }

    boolean killed() {
        return killed;
    }

    /** Tasks that the node knew at the end, or -1. */
    long tasks() {
        return tasks;
    }

    /** The result as it is now; empty if there is none. */
    Optional<FileDigest> digest(int file) {
        return Optional.ofNullable(now.digests[file]);
    }

    Optional<String> failure(int file) {
        return Optional.ofNullable(now.failures[file]);
    }

    long taskId(int file) {
        return now.ids[file];
    }

    /** Whether a result was seen from an earlier process of the child. */
    boolean wasSeenBefore(int file) {
        return before.digests[file] != null;
    }

    /** Whether the task was stored, or executed and its result stored, more than once. */
    boolean isTwice(int file) {
        return twice.get(file);
    }

    /** Whether an earlier process than the present one made the result; where several work at once, whether it was seen before. */
    boolean isOfEarlierLife(int file, FileDigest digest) {
        return several ? wasSeenBefore(file) : !digest.process().equals(process);
    }

    /** Several processes work at once: a life ends when one of them is killed. */
    void ofSeveral() {
        several = true;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
