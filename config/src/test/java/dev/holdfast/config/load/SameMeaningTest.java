package dev.holdfast.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySettingIsCopiedAndPrintedAndReadAgain(Sample sample) {
        Config config = sample.programmatic();
        assertThat(map(config.copy())).isEqualTo(map(config));
        assertThat(map(Config.fromYaml(Sample.stream(config.toYaml())))).isEqualTo(map(config));
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
