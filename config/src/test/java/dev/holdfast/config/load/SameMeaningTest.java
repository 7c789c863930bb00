package dev.holdfast.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SameMeaningTest {
    static List<Sample> samples() {
        return Sample.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFormMeansTheSame(Sample sample) {
        Map<String, Object> expected = map(sample.programmatic());

        assertThat(map(Config.fromYaml(sample.yaml()))).as("yaml").isEqualTo(expected);
        for (boolean namespace : new boolean[] {false, true}) {
            for (boolean attribute : new boolean[] {false, true}) {
                assertThat(map(Config.fromXml(sample.xml(namespace, attribute))))
                        .as("xml namespace=%s attribute=%s", namespace, attribute)
                        .isEqualTo(expected);
            }
        }
        for (Surroundings surroundings : List.of(sample.environment(), sample.properties())) {
            Config config = new Config(surroundings).validate();
            assertThat(map(Config.fromYaml(Sample.stream(config.toYaml()))))
                    .as("%s", surroundings)
                    .isEqualTo(expected);
            assertThat(map(Config.fromYaml(Sample.stream("holdfast:"), surroundings)
                            .copy()))
                    .as("an empty file and %s", surroundings)
                    .isEqualTo(map(config));
        }
    }

    /** A variable and a property say the same as a setter where the executor asks for its settings. */
    @ParameterizedTest
    @MethodSource("samples")
    void everyFormReachesAnExecutorThatMatches(Sample sample) {
        String name = Sample.EXECUTOR.replace("*", "eu");
        String expected = sample.programmatic().findDurableExecutorConfig(name).toString();

        assertThat(Config.fromYaml(sample.yaml())
                        .findDurableExecutorConfig(name)
                        .toString())
                .isEqualTo(expected);
        for (Surroundings surroundings : List.of(sample.environment(), sample.properties())) {
            assertThat(new Config(surroundings).findDurableExecutorConfig(name).toString())
                    .as("%s", surroundings)
                    .isEqualTo(expected);
        }
    }

    /** Variables do not tell a dash from a dot, properties not the end of a name from the start of a setting. */
    @Test
    void noTwoSettingsShareAName() {
        for (Section<?> section : List.of(Settings.ROOT, Settings.EXECUTOR, Settings.SPLIT_BRAIN)) {
            List<String> paths = section.paths();
            assertThat(SettingNames.byVariable(section)).hasSameSizeAs(paths);
            for (String path : paths) {
                assertThat(paths).as(path).noneMatch(other -> other.endsWith("." + path));
                assertThat(SettingNames.variable(path)).isNotEqualTo("NAME");
            }
        }
    }

    @Test
    void everySetterOfANamedSectionIsRemembered() {
        for (String path : Settings.EXECUTOR.paths()) {
            Config config = new Config(Surroundings.of(
                    Map.of(), Map.of("holdfast.durable-executor-service.a." + path, valueOf(Settings.EXECUTOR, path))));
            DurableExecutorConfig untouched = new DurableExecutorConfig("a");
            DurableExecutorConfig touched = new DurableExecutorConfig("a");
            Settings.EXECUTOR.copy(new DurableExecutorConfig("b"), touched);
            assertThat(config.addDurableExecutorConfig(untouched)
                            .findDurableExecutorConfig("a")
                            .toString())
                    .as("%s: a value that no setter was called for", path)
                    .isNotEqualTo(untouched.toString());
            assertThat(config.addDurableExecutorConfig(touched)
                            .findDurableExecutorConfig("a")
                            .toString())
                    .as("%s: a setter was called", path)
                    .isEqualTo(touched.toString());
        }
        for (String path : Settings.SPLIT_BRAIN.paths()) {
            Config config = new Config(Surroundings.of(
                    Map.of(),
                    Map.of("holdfast.split-brain-protection.a." + path, valueOf(Settings.SPLIT_BRAIN, path))));
            SplitBrainProtectionConfig touched = new SplitBrainProtectionConfig("a");
            Settings.SPLIT_BRAIN.copy(new SplitBrainProtectionConfig("b"), touched);
            assertThat(config.addSplitBrainProtectionConfig(touched).copy().getSplitBrainProtectionConfigs())
                    .as(path)
                    .hasToString(Map.of("a", touched).toString());
        }
    }

    /** Another value than the default. */
    private static String valueOf(Section<?> section, String path) {
        return switch (path) {
            case "virtual-threads" -> "true";
            case "split-brain-protection-ref" -> "some";
            default ->
                Sample.all().stream()
                        .filter(sample -> sample.path().get(0).equals(section.name())
                                && sample.toString().endsWith("." + path))
                        .findFirst()
                        .orElseThrow()
                        .text()
                        .get(0);
        };
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySettingIsCopiedAndPrintedAndReadAgain(Sample sample) {
        Config config = sample.programmatic();
        assertThat(map(config.copy())).isEqualTo(map(config));
        assertThat(map(Config.fromYaml(Sample.stream(config.toYaml())))).isEqualTo(map(config));
    }

    @Test
    void anySettingsTogetherSurviveTheRoundTrip() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 100; round++) {
            Config config = new Config();
            List<Sample> chosen =
                    samples().stream().filter(sample -> random.nextBoolean()).toList();
            chosen.forEach(sample -> sample.setter().accept(config));
            if (chosen.stream().anyMatch(SameMeaningTest::isOfTls)) { // its files go together
                samples().stream()
                        .filter(SameMeaningTest::isOfTls)
                        .forEach(sample -> sample.setter().accept(config));
            }
            String yaml = config.validate().toYaml();
            String what = "seed=" + seed + " round=" + round + " settings=" + chosen;
            assertThat(Config.fromYaml(Sample.stream(yaml)).toYaml()).as(what).isEqualTo(yaml);
            assertThat(Config.fromXml(Sample.stream(config.toXml())).toYaml())
                    .as(what)
                    .isEqualTo(yaml);
        }
    }

    private static boolean isOfTls(Sample sample) {
        return sample.toString().contains(".tls-");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleIsNotTheDefaultUnlessItSaysNone(Sample sample) {
        boolean cannotDiffer = List.of("virtual-threads", "split-brain-protection-ref")
                .contains(sample.path().get(sample.path().size() - 1));
        Config untouched = new Config();
        if (sample.path().contains(Sample.EXECUTOR)) {
            untouched.getDurableExecutorConfig(Sample.EXECUTOR);
        } else if (sample.path().contains(Sample.PROTECTION)) {
            untouched.getSplitBrainProtectionConfig(Sample.PROTECTION);
        }
        assertThat(map(sample.programmatic()).equals(map(untouched))).isEqualTo(cannotDiffer);
    }

    @Test
    void everySettingOfTheTableHasASample() {
        List<String> sampled = new ArrayList<>();
        samples()
                .forEach(sample -> sampled.add(
                        sample.toString().replace(Sample.EXECUTOR, "<name>").replace(Sample.PROTECTION, "<name>")));

        List<String> known = new ArrayList<>();
        for (Section<?> section : Settings.all()) {
            section.keys().forEach(key -> known.add(Settings.pathOf(section) + key.name()));
        }
        assertThat(known).hasSizeGreaterThan(45).containsExactlyInAnyOrderElementsOf(sampled);
    }

    @Test
    void everySettingHasADefaultThatIsAllowedAndADocumentation() {
        new Config().validate();
        for (Section<?> section : Settings.all()) {
            assertThat(section.doc()).endsWith(".");
            section.keys().forEach(key -> assertThat(key.doc()).as(key.name()).endsWith("."));
        }
    }

    static Map<String, Object> map(Config config) {
        return Settings.ROOT.toMap(config);
    }
}
