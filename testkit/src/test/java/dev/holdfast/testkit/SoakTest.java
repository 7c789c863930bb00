package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node whose ring is written over and over, killed now and then: what it takes of heap, files, threads, metaspace and disk
 * stays what it is, within a life and from life to life, and what was stored is seen. {@code -Dholdfast.seed=N} repeats a
 * run's choices.
 */
class SoakTest {

    private static final Logger LOG = LoggerFactory.getLogger(SoakTest.class);
    private static final long START_SECONDS = 90;
    private static final Set<String> RIGHT = Set.of("right", "EVICTED");

    /** How much a figure may move: a share of it. */
    private static final double FLAT = 0.05;

    /** Of a life's samples, those that are not counted: classes are loaded, code is compiled. */
    private static final double WARM_UP = 0.3;

    /** Files or threads that are there or not in the first second, as it happens. */
    private static final double SOME = 24;

    @RegisterExtension
    static final Figures FIGURES = new Figures("soak");

    @TempDir
    Path folder;

    private final Map<Long, String> unseen = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private final List<Life> lives = new ArrayList<>();
    private final StringBuilder changes = new StringBuilder();

    /** What the process takes, on the mean of some seconds. */
    private enum Figure {
        HEAP("heap", 1024),
        HANDLES("handles", 1),
        THREADS("threads", 1),
        METASPACE("metaspace", 1024),
        DISK("disk", 1024);

        final String name;
        final double unit;

        Figure(String name, double unit) {
            this.name = name;
            this.unit = unit;
        }
    }

    /** One process, and its figures in order. */
    private static final class Life {
        final List<double[]> figures = new ArrayList<>();
        long completed;
        double seconds;

        synchronized void add(String[] words) {
            seconds = Double.parseDouble(words[1]);
            completed = Long.parseLong(words[2]);
            figures.add(Arrays.stream(words)
                    .skip(3)
                    .mapToDouble(Double::parseDouble)
                    .toArray());
        }

        synchronized double mean(Figure figure, double warmUp) {
            return figures.subList((int) (figures.size() * warmUp), figures.size()).stream()
                    .mapToDouble(each -> each[figure.ordinal()])
                    .average()
                    .orElseThrow();
        }

        synchronized int count() {
            return figures.size();
        }

        /** Of the third {@code number}, from 0, of what is left when the first {@code warmUp} of the samples are not counted. */
        synchronized double median(Figure figure, double warmUp, int number) {
            int from = (int) (figures.size() * warmUp);
            int third = Math.max(1, (figures.size() - from) / 3);
            int begin = Math.min(figures.size() - 1, from + number * third);
            double[] values = figures.subList(begin, Math.min(figures.size(), begin + third)).stream()
                    .mapToDouble(each -> each[figure.ordinal()])
                    .sorted()
                    .toArray();
            return values[values.length / 2];
        }
    }

    @Test
    void aNodeThatIsKilledTakesNoMoreFilesAndThreadsThanBefore() throws Exception {
        soak(2, 500, 4, 0.2, 500);
        for (Figure figure : List.of(Figure.HANDLES, Figure.THREADS)) {
            double first = lives.get(0).median(figure, 0, 2);
            assertThat(lives.get(1).median(figure, 0, 2))
                    .as("%s; %s", figure, report())
                    .isCloseTo(first, within(SOME));
        }
    }

    @Test
    @Tag("faults")
    @Tag("suite-soak")
    void inAQuarterOfAnHourNothingGrows() throws Exception {
        soak(5, 180_000, 20, 5, 400);
        assertThat(wraps()).as(report()).isGreaterThan(100);
        List<String> moved = new ArrayList<>();
        List<Life> full = lives.subList(1, lives.size()); // in the first the ring fills
        for (Figure figure : Figure.values()) {
            // on the mean of the lives: disk and heap are saws, whatever the node does
            compare(figure, "within a life", mean(full, figure, 0), mean(full, figure, 2), moved);
            compare(
                    figure,
                    "from life to life",
                    full.get(0).mean(figure, WARM_UP),
                    full.get(full.size() - 1).mean(figure, WARM_UP),
                    moved);
        }
        LOG.info("soak: change of the means{}", changes);
        assertThat(moved).as(report()).isEmpty();
    }

    private static double mean(List<Life> lives, Figure figure, int third) {
        return lives.stream()
                .mapToDouble(life -> life.median(figure, WARM_UP, third))
                .average()
                .orElseThrow();
    }

    private void compare(Figure figure, String where, double before, double after, List<String> moved) {
        double share = after / before - 1;
        changes.append(String.format(Locale.ROOT, ", %s %s %+.1f %%", figure.name, where, 100 * share));
        if (Math.abs(share) > FLAT) {
            moved.add(String.format(
                    Locale.ROOT, "%s, %s: %.0f -> %.0f, %+.1f %%", figure, where, before, after, 100 * share));
        }
    }

    /** @param figures that a life has at least, even if it takes longer */
    private void soak(int count, long lifeMillis, int figures, double secondsPerFigure, int tasksPerSecond)
            throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        for (int number = 0; number < count; number++) {
            Life life = new Life();
            lives.add(life);
            CountDownLatch ready = new CountDownLatch(1);
            try (ChildJvm child = child(secondsPerFigure, tasksPerSecond, random, false)
                    .lines(line -> take(line, life, ready))
                    .start()) {
                assertThat(ready.await(START_SECONDS, TimeUnit.SECONDS))
                        .as("life %s starts; %s", number, errors())
                        .isTrue();
                long millis = lifeMillis - random.nextLong(lifeMillis / 20);
                assertThat(endsWithin(child, millis))
                        .as("life %s ends by itself; %s", number, errors())
                        .isFalse();
                await().atMost(Duration.ofSeconds(START_SECONDS))
                        .until(() -> !child.isAlive() || life.count() >= figures);
                assertThat(child.isAlive())
                        .as("life %s goes on; %s", number, errors())
                        .isTrue();
                child.kill();
            }
        }
        liveToTheEnd(random);
        LOG.info("{}, holdfast.seed={}", report(), seed);
        answers.forEach((answer, number) -> {
            FIGURES.trials(number.get());
            FIGURES.violations(RIGHT.contains(answer) ? 0 : number.get());
        });
        FIGURES.violations(unseen.size());
        assertThat(unseen).as("promised and never seen; %s", report()).isEmpty();
        assertThat(answers.keySet()).as(report()).isSubsetOf(RIGHT);
        assertThat(answers.getOrDefault("right", new AtomicLong()).get())
                .as(report())
                .isGreaterThan(100);
    }

    /** What the last kill left is recovered from and seen; then the node closes in order. */
    private void liveToTheEnd(SplittableRandom random) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (ChildJvm child = child(1, 1, random, true)
                .lines(line -> take(line, new Life(), ready))
                .start()) {
            assertThat(child.await(Duration.ofSeconds(2 * START_SECONDS)))
                    .as("the last life ends well; %s", errors())
                    .isZero();
        }
    }

    private ChildJvm.Builder child(double secondsPerFigure, int tasksPerSecond, SplittableRandom random, boolean last)
            throws IOException {
        Path known = Files.write(
                folder.resolve("known.txt"),
                unseen.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .toList());
        return ChildJvm.of(SoakWorkload.class)
                .shortLived()
                .flags("-Xmx128m")
                .arguments(
                        folder.resolve("data").toString(),
                        Double.toString(secondsPerFigure),
                        Integer.toString(tasksPerSecond),
                        Long.toString(random.nextLong()),
                        known.toString(),
                        Boolean.toString(last))
                .errorsTo(folder.resolve("errors.txt"));
    }

    private void take(String line, Life life, CountDownLatch ready) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "READY" -> ready.countDown();
            case "STORED" -> unseen.put(Long.parseLong(words[1]), words[2]);
            case "SEEN" -> {
                unseen.remove(Long.parseLong(words[1]));
                answers.computeIfAbsent(words[2], answer -> new AtomicLong()).incrementAndGet();
            }
            case "FIGURES" -> life.add(words);
            default -> throw new IllegalStateException("What is this? line=" + line);
        }
    }

    private static boolean endsWithin(ChildJvm child, long millis) throws Exception {
        try {
            ProcessHandle.of(child.pid()).orElseThrow().onExit().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException goesOn) {
            return false;
        }
    }

    private double wraps() {
        long completed = lives.stream().mapToLong(life -> life.completed).sum();
        return (double) completed / (SoakWorkload.PARTITIONS * SoakWorkload.RESULTS);
    }

    /** One line. */
    private String report() {
        Map<String, Long> counted = new TreeMap<>();
        answers.forEach((answer, count) -> counted.put(answer, count.get()));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "soak: lives=%d, kills=%d, seconds=%.0f, ringWraps=%.0f, answers=%s",
                lives.size(),
                lives.size(),
                lives.stream().mapToDouble(life -> life.seconds).sum(),
                wraps(),
                counted));
        for (Figure figure : Figure.values()) {
            text.append(", ").append(figure.name).append(figure.unit == 1 ? "" : " KiB");
            String between = "=";
            for (Life life : lives) {
                if (!life.figures.isEmpty()) {
                    text.append(String.format(
                            Locale.ROOT,
                            "%s%.0f..%.0f",
                            between,
                            life.median(figure, WARM_UP, 0) / figure.unit,
                            life.median(figure, WARM_UP, 2) / figure.unit));
                    between = " ";
                }
            }
        }
        return text.toString();
    }

    private String errors() throws IOException {
        Path errors = folder.resolve("errors.txt");
        if (!Files.exists(errors)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(errors)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
        }
    }
}
