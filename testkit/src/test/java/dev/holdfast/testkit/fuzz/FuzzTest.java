package dev.holdfast.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.ChildJvm;
import dev.holdfast.testkit.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever bytes a decoder is given, it ends, throws nothing but what it documents, takes memory in proportion, and understands
 * again what it writes of what it understood. For each commit the inputs that are kept, and some changes of them; in the long run a
 * fuzzer that is led by coverage, in a JVM of its own for each target. {@code -Dholdfast.fuzz.seconds=N} says how long each.
 */
class FuzzTest {

    private static final Logger LOG = LoggerFactory.getLogger(FuzzTest.class);
    private static final int CHANGES = 100;
    private static final int LONGEST = 8_192;
    private static final Pattern STATUS = Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/");

    @RegisterExtension
    static final Figures FIGURES = new Figures("fuzz");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    @Tag("suite-fuzz")
    void everyInputThatIsKeptIsUnderstoodOrRefused(Target target) throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> seeds = Seeds.of(target);
        assertThat(seeds).hasSizeGreaterThan(1);
        int inputs = 0;
        for (byte[] input : seeds) {
            take(target, input, seed);
            for (int i = 0; i < CHANGES; i++) {
                take(target, changed(input, random), seed);
            }
            inputs += 1 + CHANGES;
        }
        LOG.info("Fuzz: target={}, inputs={}, holdfast.seed={}", target, inputs, seed);
    }

    private static void take(Target target, byte[] input, long seed) {
        FIGURES.trial();
        try {
            target.take(input);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    target + ", holdfast.seed=" + seed + ", input="
                            + Base64.getEncoder().encodeToString(input),
                    e);
        }
    }

    /** A few bytes changed, or a piece left out, doubled or cut off. */
    private static byte[] changed(byte[] input, SplittableRandom random) {
        byte[] changed = input.clone();
        if (changed.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int from = random.nextInt(changed.length);
        int length = random.nextInt(Math.min(16, changed.length - from)) + 1;
        switch (random.nextInt(4)) {
            case 0 -> changed[from] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[from] = (byte) random.nextInt();
            case 2 -> System.arraycopy(changed, from, changed, random.nextInt(changed.length - length + 1), length);
            default -> changed = Arrays.copyOf(changed, from);
        }
        return changed;
    }

    @ParameterizedTest
    @EnumSource
    @Tag("faults")
    @Tag("suite-fuzz")
    void aFuzzerThatIsLedByCoverageFindsNoInputThatIsNot(Target target) throws Exception {
        int seconds = Integer.getInteger("holdfast.fuzz.seconds", 300);
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path found = Files.createDirectories(folder.resolve("found"));
        int number = 0;
        for (byte[] seed : Seeds.of(target)) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        Path output = folder.resolve("output.txt");
        int exitCode;
        try (ChildJvm fuzzer = ChildJvm.of("com.code_intelligence.jazzer.Jazzer")
                .flags("-Xmx1g", "-Xss2m", "-XX:+UseSerialGC", "-Dholdfast.fuzz.target=" + target)
                .flags("-Dlogback.configurationFile=" + quiet())
                .arguments(
                        "--target_class=" + Fuzzed.class.getName(),
                        "--instrumentation_includes=dev.holdfast.config.**:dev.holdfast.storage.**:net.openhft.chronicle.wire.**",
                        "--reproducer_path=" + found,
                        "-artifact_prefix=" + found + "/",
                        "-max_total_time=" + seconds,
                        "-max_len=" + LONGEST,
                        "-timeout=60",
                        "-rss_limit_mb=4096",
                        corpus.toString())
                .errorsTo(output)
                .start()) {
            exitCode = fuzzer.await(Duration.ofSeconds(seconds + 300));
        }
        String said = Files.readString(output);
        keep(target, corpus);
        List<MatchResult> status = STATUS.matcher(said).results().toList();
        String figures = "Fuzz: target=" + target + ", seconds=" + seconds + ", exit code=" + exitCode
                + (status.isEmpty() ? ", no figures" : figures(status.get(status.size() - 1)));
        LOG.info(figures);
        FIGURES.trials(
                status.isEmpty()
                        ? 1
                        : Long.parseLong(status.get(status.size() - 1).group(1)));
        FIGURES.violations(exitCode == 0 ? 0 : 1);
        assertThat(exitCode).as("%s%n%s%n%s", figures, inputs(found), said).isZero();
        assertThat(status).as(said).isNotEmpty();
    }

    private static String figures(MatchResult last) {
        return ", executions=" + last.group(1) + ", coverage=" + last.group(2) + ", features=" + last.group(3)
                + ", corpus=" + last.group(4);
    }

    private Path quiet() throws Exception {
        return Files.writeString(folder.resolve("quiet.xml"), "<configuration><root level=\"OFF\"/></configuration>\n");
    }

    private static List<String> inputs(Path found) throws Exception {
        List<String> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(found)) {
            for (Path file :
                    files.filter(path -> !path.toString().endsWith(".java")).toList()) {
                inputs.add(file.getFileName() + ": " + Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        }
        return inputs;
    }

    /** For whoever wants to keep some: {@code -Dholdfast.fuzz.keep=FOLDER}. */
    private static void keep(Target target, Path corpus) throws Exception {
        String folder = System.getProperty("holdfast.fuzz.keep");
        if (folder == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(corpus)) {
            for (Path file : files.toList()) {
                lines.add(Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        }
        Files.write(Files.createDirectories(Path.of(folder)).resolve(target + ".txt"), lines);
    }
}
