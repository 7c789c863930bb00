package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.CrashPoint.Phase;
import dev.holdfast.testkit.HistoryEvent.Disposed;
import dev.holdfast.testkit.HistoryEvent.Ran;
import dev.holdfast.testkit.HistoryEvent.Seen;
import dev.holdfast.testkit.HistoryEvent.Stored;
import dev.holdfast.testkit.HistoryEvent.Submitting;
import dev.holdfast.testkit.check.Invariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One directory through many lives: each recovers what the one before left, checks it, and ends at its own {@link
 * CrashPoint}; the last one ends in order. One thread.
 */
final class CrashChain {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int TRIES = 4;

    private final Path folder;
    private final Path classes;
    private final SyncPolicy sync;
    private final SplittableRandom random;
    private final History history = new History();
    private final ConcurrentLinkedQueue<String> damage = new ConcurrentLinkedQueue<>();
    private final Set<Trial> hit = new LinkedHashSet<>();
    private int missed;
    private int inRecoveryOfRecovery;

    /** A point to end at, in a phase. */
    record Trial(CrashPoint point, Phase phase) {
        static Stream<Trial> all() {
            return Stream.of(CrashPoint.values())
                    .flatMap(point -> point.phases().stream().sorted().map(phase -> new Trial(point, phase)));
        }
    }

    CrashChain(Path folder, Path classes, SyncPolicy sync, long seed) {
        this.folder = folder;
        this.classes = classes;
        this.sync = sync;
        this.random = new SplittableRandom(seed);
    }

    /** Ends a life at each of {@code trials}, then lives to the end and checks everything. */
    void run(List<Trial> trials) throws Exception {
        Phase before = Phase.LOAD;
        for (Trial trial : inOrder(trials)) {
            endAt(trial);
            if (trial.phase() == Phase.START && before == Phase.START) {
                inRecoveryOfRecovery++;
            }
            before = trial.phase();
        }
        liveToTheEnd();
        check();
    }

    Set<Trial> hit() {
        return hit;
    }

    /** New directories first; then every crash of a recovery behind another crash, two of them behind each other. */
    private List<Trial> inOrder(List<Trial> trials) {
        List<Trial> ordered = new ArrayList<>(
                trials.stream().filter(trial -> trial.phase() == Phase.NEW).toList());
        Deque<Trial> starts = shuffled(trials, trial -> trial.phase() == Phase.START);
        Deque<Trial> others = shuffled(trials, trial -> trial.phase() == Phase.LOAD || trial.phase() == Phase.CLOSE);
        while (!others.isEmpty()) {
            ordered.add(others.remove());
            boolean crashed = ordered.get(ordered.size() - 1).phase() == Phase.LOAD;
            for (int i = 0; crashed && i < 2 && !starts.isEmpty(); i++) {
                ordered.add(starts.remove());
            }
        }
        ordered.addAll(starts);
        return ordered;
    }

    private Deque<Trial> shuffled(List<Trial> trials, java.util.function.Predicate<Trial> which) {
        List<Trial> shuffled = new ArrayList<>();
        trials.stream().filter(which).forEach(trial -> shuffled.add(random.nextInt(shuffled.size() + 1), trial));
        return new ArrayDeque<>(shuffled);
    }

    private void endAt(Trial trial) throws IOException {
        int visit = 1 + random.nextInt(trial.point().usualVisits());
        for (int tries = 0; tries < TRIES; tries++) {
            Phase phase = trial.phase() == Phase.NEW ? Phase.START : trial.phase();
            int exit = live(
                    false,
                    "-Dcrash.point=" + trial.point().number(),
                    "-Dcrash.phase=" + phase,
                    "-Dcrash.visit=" + visit);
            history.nextLife();
            if (exit == CrashHalts.EXIT_CODE) {
                hit.add(trial);
                return;
            }
            assertThat(exit)
                    .as("life=%s, %s, %s", history.life() - 1, trial, tail())
                    .isZero();
            // It did not come there that often: a close in order, which is a life too. Then the first time it does.
            missed++;
            visit = 1;
        }
    }

    private void liveToTheEnd() throws IOException {
        assertThat(live(true)).as("the last life ends well: %s", tail()).isZero();
    }

    private int live(boolean last, String... properties) throws IOException {
        Path known = Files.write(folder.resolve("known.txt"), known());
        try (ChildJvm child = ChildJvm.of(CrashWorkload.class)
                .classPathFirst(classes)
                .shortLived()
                .flags("-Xmx256m")
                .flags(properties)
                .arguments(
                        folder.resolve("data").toString(),
                        sync.name(),
                        Integer.toString(history.life()),
                        known.toString(),
                        Boolean.toString(last))
                .errorsTo(errors())
                .lines(this::take)
                .start()) {
            return child.await(LIMIT);
        }
    }

    private void take(String line) {
        if (line.startsWith("DAMAGE ")) {
            damage.add(line);
        } else if (!line.equals("FINISHED")) {
            history.add(line);
        }
    }

    private void check() {
        String figures = figures();
        assertThat(damage).as(figures).isEmpty();
        assertThat(Invariant.allViolations(history)).as(figures).isEmpty();
        assertThat(history.all(Seen.class).filter(seen -> seen.value().contains("unexpected")))
                .as(figures)
                .isEmpty();
        assertThat(history.all(Stored.class).count()).as(figures).isGreaterThan(hit.size());
        assertThat(history.all(Disposed.class).count()).as(figures).isPositive();
    }

    /** All ids that anybody was told of, and the keys whose submit was never answered. */
    private List<String> known() {
        Set<String> answered = history.all(Stored.class).map(Stored::token).collect(Collectors.toSet());
        Set<String> known = new LinkedHashSet<>();
        history.all(Stored.class).forEach(stored -> known.add(Long.toString(stored.taskId())));
        history.all(Submitting.class)
                .filter(submitting -> submitting.keyed() && !answered.contains(submitting.token()))
                .forEach(submitting -> known.add("key " + submitting.token()));
        return List.copyOf(known);
    }

    private Path errors() {
        return folder.resolve("errors.txt");
    }

    private String tail() throws IOException {
        try (Stream<String> lines = Files.lines(errors())) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
        }
    }

    /** Crashes of a start that was recovering from the crash of another. */
    int inRecoveryOfRecovery() {
        return inRecoveryOfRecovery;
    }

    String figures() {
        return "sync=" + sync + ", crashes=" + hit.size() + ", in a recovery from a crash in a recovery="
                + inRecoveryOfRecovery + ", lives that came to their end=" + missed + ", stored="
                + history.all(Stored.class).count() + ", ran="
                + history.all(Ran.class).count() + ", seen="
                + history.all(Seen.class).count() + ", disposed="
                + history.all(Disposed.class).count();
    }
}
