package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HistoryEvent.Disposed;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Seen;
import dev.holdfast.testkit.HistoryEvent.Stored;
import dev.holdfast.testkit.HistoryEvent.Submitting;
import dev.holdfast.testkit.check.Invariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node on one directory through many lives, as a test sees it that ends them.
 *
 * @param history what it said in all of them
 */
public record LivesOfANode(Path folder, History history) {

    private static final int LAST_LINES = 40;

    Path data() {
        return folder.resolve("data");
    }

    /** For the next life: all ids that anybody was told of, and the keys whose submit was never answered. */
    Path knownFile() throws IOException {
        return Files.write(folder.resolve("known.txt"), known(history));
    }

    /** All ids that anybody was told of, and {@code key TOKEN} of the submits that were never answered. */
    public static List<String> known(History history) {
        Set<String> answered = history.all(Stored.class).map(Stored::token).collect(Collectors.toSet());
        Set<String> known = new LinkedHashSet<>();
        history.all(Stored.class).forEach(stored -> known.add(Long.toString(stored.taskId())));
        history.all(Submitting.class)
                .filter(submitting -> submitting.keyed() && !answered.contains(submitting.token()))
                .forEach(submitting -> known.add("key " + submitting.token()));
        return List.copyOf(known);
    }

    /** What its lives print to standard error. */
    Path errors() {
        return folder.resolve("errors.txt");
    }

    /** The end of that. */
    String tail() throws IOException {
        try (Stream<String> lines = Files.lines(errors())) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
        }
    }

    /**
     * No invariant is broken, and the lives were not idle.
     *
     * @param figures of the run, for messages
     * @param lives of which each stored something, on the mean
     */
    void check(String figures, int lives) {
        assertThat(violations()).as(figures).isEmpty();
        wasNotIdle(figures, lives);
    }

    /** Of the invariants, and answers that no rule speaks of. */
    List<String> violations() {
        List<String> violations = new ArrayList<>(Invariant.allViolations(history));
        history.all(Seen.class)
                .filter(seen -> seen.value().contains("unexpected"))
                .forEach(seen -> violations.add("unexpected: " + seen));
        return violations;
    }

    void wasNotIdle(String figures, int lives) {
        assertThat(history.all(Stored.class).count()).as(figures).isGreaterThan(lives);
        assertThat(history.all(Disposed.class).count()).as(figures).isPositive();
    }

    String counts() {
        return "stored=" + history.all(Stored.class).count() + ", ran="
                + history.all(Ran.class).count() + ", seen="
                + history.all(Seen.class).count() + ", disposed="
                + history.all(Disposed.class).count();
    }
}
