package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.CrashPoint.Phase;
import java.io.IOException;
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
import java.util.stream.Stream;

/**
 * One directory through many lives: each recovers what the one before left, checks it, and ends at its own {@link
 * CrashPoint}; the last one ends in order. One thread.
 */
final class CrashChain {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int TRIES = 4;

    private final Path classes;
    private final SyncPolicy sync;
    private final SplittableRandom random;
    private final LivesOfANode node;
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
        this.node = new LivesOfANode(folder, new History());
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
            node.history().nextLife();
            if (exit == CrashHalts.EXIT_CODE) {
                hit.add(trial);
                return;
            }
            assertThat(exit)
                    .as("life=%s, %s, %s", node.history().life() - 1, trial, node.tail())
                    .isZero();
            // It did not come there that often: a close in order, which is a life too. Then the first time it does.
            missed++;
            visit = 1;
        }
    }

    private void liveToTheEnd() throws IOException {
        assertThat(live(true)).as("the last life ends well: %s", node.tail()).isZero();
    }

    private int live(boolean last, String... properties) throws IOException {
        try (ChildJvm child = ChildJvm.of(CrashWorkload.class)
                .classPathFirst(classes)
                .shortLived()
                .flags("-Xmx256m")
                .flags(properties)
                .arguments(
                        node.data().toString(),
                        sync.name(),
                        Integer.toString(node.history().life()),
                        node.knownFile().toString(),
                        Boolean.toString(last))
                .errorsTo(node.errors())
                .lines(this::take)
                .start()) {
            return child.await(LIMIT);
        }
    }

    private void take(String line) {
        if (line.startsWith("DAMAGE ")) {
            damage.add(line);
        } else if (!line.equals("FINISHED")) {
            node.history().add(line);
        }
    }

    private void check() {
        String figures = figures();
        assertThat(damage).as(figures).isEmpty();
        node.check(figures, hit.size());
    }

    /** Crashes of a start that was recovering from the crash of another. */
    int inRecoveryOfRecovery() {
        return inRecoveryOfRecovery;
    }

    String figures() {
        return "sync=" + sync + ", crashes=" + hit.size() + ", in a recovery from a crash in a recovery="
                + inRecoveryOfRecovery + ", lives that came to their end=" + missed + ", "
                + node.counts();
    }
}
