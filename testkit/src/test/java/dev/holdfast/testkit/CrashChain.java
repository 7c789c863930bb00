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
    private final Set<Trial> hitInRecoveryOfRecovery = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();
    private int missed;
    private int crashes;
    private int inRecoveryOfRecovery;

    /** Crashes behind each other, without a life in between that served. */
    private int depth;

    /** A point to end at, in a phase. */
    record Trial(CrashPoint point, Phase phase) {
        static Stream<Trial> all() {
            return Stream.of(CrashPoint.values())
                    .flatMap(point -> point.phases().stream()
                            .filter(Phase::isOfNode)
                            .sorted()
                            .map(phase -> new Trial(point, phase)));
        }
    }

    CrashChain(Path folder, Path classes, SyncPolicy sync, long seed) {
        this.node = new LivesOfANode(folder, new History());
        this.classes = classes;
        this.sync = sync;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Ends a life at each of {@code trials}, then lives to the end and checks everything.
     *
     * @param startsTwice whether each crash of a start is done a second time, in the recovery from that of another start
     */
    void run(List<Trial> trials, boolean startsTwice) throws Exception {
        for (Trial trial : inOrder(trials, startsTwice)) {
            endAt(trial);
        }
        liveToTheEnd();
        check();
    }

    Set<Trial> hit() {
        return hit;
    }

    /** Those of a start that was recovering from the crash of a start that was recovering from a crash. */
    Set<Trial> hitInRecoveryOfRecovery() {
        return hitInRecoveryOfRecovery;
    }

    /** New directories first; then every crash of a recovery behind another crash, two of them behind each other. */
    private List<Trial> inOrder(List<Trial> trials, boolean startsTwice) {
        List<Trial> ordered = new ArrayList<>(
                trials.stream().filter(trial -> trial.phase() == Phase.NEW).toList());
        Deque<Trial> starts = shuffled(trials, trial -> trial.phase() == Phase.START);
        if (startsTwice) {
            starts = eachFirstAndSecond(starts);
        }
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

    /** Pairs in which each is the first once, and the second once. */
    private static Deque<Trial> eachFirstAndSecond(Deque<Trial> starts) {
        Deque<Trial> pairs = new ArrayDeque<>();
        Trial previous = starts.peekLast();
        for (Trial start : starts) {
            pairs.add(previous == null ? start : previous);
            pairs.add(start);
            previous = start;
        }
        return pairs;
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
                noteHit(trial);
                return;
            }
            assertThat(exit)
                    .as("life=%s, %s, %s", node.history().life() - 1, trial, node.tail())
                    .isZero();
            // It did not come there that often: a close in order, which is a life too. Then the first time it does.
            missed++;
            visit = 1;
            depth = 0;
        }
    }

    private void noteHit(Trial trial) {
        crashes++;
        hit.add(trial);
        boolean inRecovery = trial.phase() == Phase.START && depth > 0;
        if (inRecovery && depth > 1) {
            inRecoveryOfRecovery++;
            hitInRecoveryOfRecovery.add(trial);
        }
        depth = inRecovery ? depth + 1 : 1;
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
        violations.addAll(damage);
        violations.addAll(node.violations());
        if (violations.isEmpty()) {
            node.wasNotIdle(figures(), hit.size());
        }
    }

    /** What is wrong, when it has run. */
    List<String> violations() {
        return violations;
    }

    /** Lives that ended at a point. */
    int crashes() {
        return crashes;
    }

    String figures() {
        return "sync=" + sync + ", crashes=" + crashes + ", in a recovery from a crash in a recovery="
                + inRecoveryOfRecovery + ", lives that came to their end=" + missed + ", "
                + node.counts();
    }
}
