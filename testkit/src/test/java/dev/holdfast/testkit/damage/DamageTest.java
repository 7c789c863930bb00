package dev.holdfast.testkit.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.ChildJvm;
import dev.holdfast.testkit.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damaged data directories: nothing wrong is served, nothing is missing in silence, no JVM dies of it, {@code storage verify} names
 * the file that is damaged and an offset, the other partition serves. {@code -Dholdfast.seed=N} repeats a run's choices, {@code
 * -Dholdfast.damage.trials=N} makes it longer.
 */
class DamageTest {

    private static final Logger LOG = LoggerFactory.getLogger(DamageTest.class);
    private static final int MOST_CRASHES = 5;
    private static final int SHARES = 2;

    /** With assertions Chronicle keeps every thread local that it ever made, and looks at all of them for each queue. */
    private static final String KEEPS_NO_LIST = "-da:net.openhft.chronicle.core.threads.CleaningThreadLocal";

    @RegisterExtension
    static final Figures FIGURES = new Figures("damage");

    @TempDir
    Path folder;

    private final long startedNanos = System.nanoTime();

    @Test
    void aThousandDamagesDrawnFromAllAreToldOrHarmless() throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong() >>> 1);
        int trials = Integer.getInteger("holdfast.damage.trials", 1_000);
        Run run = new Run(folder.resolve("work"), "all", 25, Duration.ofMinutes(4));
        run.toTheEnd(Integer.toString(trials), Long.toString(seed), 0, 1);
        check(List.of(run), "drawn, holdfast.seed=" + seed);
    }

    @ParameterizedTest
    @EnumSource(Fixtures.Shape.class)
    @Tag("faults")
    @Tag("suite-damage")
    void everyDamageIsToldOrHarmless(Fixtures.Shape shape) throws Exception {
        List<Run> runs = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int share = 0; share < SHARES; share++) {
            int mine = share;
            Run run = new Run(folder.resolve("work-" + share), shape.name(), 50, Duration.ofMinutes(40));
            runs.add(run);
            ends.add(CompletableFuture.runAsync(() -> run.toTheEnd("every", "0", mine, SHARES)));
        }
        ends.forEach(CompletableFuture::join);
        check(runs, "all of " + shape);
    }

    private void check(List<Run> runs, String what) throws IOException {
        List<String> violations =
                runs.stream().flatMap(run -> run.violations.stream()).toList();
        List<String> figures =
                runs.stream().flatMap(run -> run.figures.stream()).toList();
        String line = "Damage: " + what + ", figures=" + figures + ", crashes="
                + runs.stream().mapToInt(run -> run.crashes).sum() + ", violations=" + violations.size()
                + ", seconds="
                + Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds();
        LOG.info(line);
        FIGURES.violations(violations.size());
        assertThat(violations).as("%s, errors=%s", line, errors()).isEmpty();
        assertThat(figures).as("%s, errors=%s", line, errors()).hasSameSizeAs(runs);
    }

    /** Children, one after the other where one dies, until all trials are done. */
    private final class Run {

        private final Path work;
        private final String fixtures;
        private final int wholeNodeEvery;
        private final Duration limit;
        private final List<String> violations = new CopyOnWriteArrayList<>();
        private final List<String> figures = new CopyOnWriteArrayList<>();
        private volatile String trial = "TRIAL -1 none";
        private int crashes;

        Run(Path work, String fixtures, int wholeNodeEvery, Duration limit) {
            this.work = work;
            this.fixtures = fixtures;
            this.wholeNodeEvery = wholeNodeEvery;
            this.limit = limit;
        }

        void toTheEnd(String count, String seed, int share, int shares) {
            int next = 0;
            while (figures.isEmpty() && crashes <= MOST_CRASHES) {
                int exitCode =
                        child(count, seed, Integer.toString(next), Integer.toString(share), Integer.toString(shares));
                if (figures.isEmpty()) {
                    crashes++;
                    violations.add("the JVM ended with " + exitCode + " in: " + trial);
                    next = Integer.parseInt(trial.split(" ", -1)[1]) + 1;
                }
            }
        }

        private int child(String count, String seed, String first, String share, String shares) {
            try (ChildJvm child = ChildJvm.of(DamageChild.class)
                    .shortLived()
                    .flags("-Xmx512m", "-ea", KEEPS_NO_LIST)
                    .flags("-Dlogback.configurationFile=" + quiet())
                    .arguments(work.toString(), fixtures, count, seed, first)
                    .arguments(Integer.toString(wholeNodeEvery), share, shares)
                    .errorsTo(folder.resolve("errors.txt"))
                    .lines(this::take)
                    .start()) {
                return child.await(limit);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void take(String line) {
            if (line.startsWith("VIOLATION")) {
                violations.add(line + " IN " + trial);
            } else if (line.startsWith("FIGURES")) {
                figures.add(line.substring("FIGURES ".length()));
            } else if (line.startsWith("TRIAL")) {
                trial = line;
                FIGURES.trial();
            }
        }
    }

    /** Thousands of starts that tell of damage say much. */
    private Path quiet() throws IOException {
        return Files.writeString(folder.resolve("quiet.xml"), "<configuration><root level=\"OFF\"/></configuration>\n");
    }

    private String errors() throws IOException {
        List<String> lines = Files.exists(folder.resolve("errors.txt"))
                ? Files.readAllLines(folder.resolve("errors.txt"))
                : List.of();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
