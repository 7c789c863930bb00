package dev.holdfast.config.load;

import static dev.holdfast.config.load.Sample.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @Test
    void anEmptyFileIsRefused() {
        assertThatThrownBy(() -> Config.fromXml(stream(""))).hasMessageContaining("not well-formed XML");
        assertThatThrownBy(() -> Config.fromYaml(stream(""))).hasMessageContaining("the file is empty");
        assertThatThrownBy(() -> Config.fromYaml(stream("# nothing\n---\n"))).hasMessageContaining("the file is empty");
    }

    @Test
    void anEmptyRootMeansTheDefaults() {
        String defaults = new Config().toYaml();
        assertThat(Config.fromXml(stream("<holdfast/>")).toYaml()).isEqualTo(defaults);
        assertThat(Config.fromYaml(stream("holdfast:")).toYaml()).isEqualTo(defaults);
        assertThat(Config.fromYaml(stream("\uFEFFholdfast: {storage: , durable-executor-service: ~}"))
                        .toYaml())
                .isEqualTo(defaults);
    }

    @Test
    void aHugeFileIsRefusedWithoutReadingItToItsEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };
        assertThatThrownBy(() -> Config.fromYaml(endless)).hasMessageContaining("at most 1MiB");
        assertThatThrownBy(() -> Config.fromXml(endless)).hasMessageContaining("at most 1MiB");
    }

    @Test
    void whatIsNotUtf8IsRefusedWithItsPlace() {
        byte[] latin1 = "holdfast:\n  node-name: kn\u00f6\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Config.fromYaml(new ByteArrayInputStream(latin1)))
                .hasMessageContaining("yaml:2:16: the file is not UTF-8");
        byte[] utf16 = "<holdfast/>".getBytes(StandardCharsets.UTF_16);
        assertThatThrownBy(() -> Config.fromXml(new ByteArrayInputStream(utf16)))
                .hasMessageContaining("xml:1:1: the file is not UTF-8");
        byte[] cut = {'a', (byte) 0xc3};
        assertThatThrownBy(() -> Config.fromYaml(new ByteArrayInputStream(cut)))
                .hasMessageContaining("the file is not UTF-8");
    }

    @Test
    void aDoctypeIsRefusedSoNothingCanBeReadOrBlownUp(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "s3cret");
        List<String> documents = new ArrayList<>();
        documents.add("<!DOCTYPE holdfast [<!ENTITY x SYSTEM \"%s\">]><holdfast><node-name>&x;</node-name></holdfast>"
                .formatted(secret.toUri()));
        documents.add("<!DOCTYPE holdfast SYSTEM \"%s\"><holdfast/>".formatted(secret.toUri()));
        StringBuilder laughs = new StringBuilder("<!DOCTYPE holdfast [<!ENTITY l0 \"ha\">");
        for (int i = 1; i < 20; i++) {
            laughs.append(
                    "<!ENTITY l%d \"%s\">".formatted(i, "&l%d;".formatted(i - 1).repeat(10)));
        }
        documents.add(laughs.append("]><holdfast><node-name>&l19;</node-name></holdfast>")
                .toString());
        for (String document : documents) {
            assertTimeoutPreemptively(
                    AT_ONCE,
                    () -> assertThatThrownBy(() -> Config.fromXml(stream(document)))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("a DOCTYPE is not allowed")
                            .hasMessageNotContaining("s3cret"));
        }
    }

    @Test
    void aMistakeForWhichTheParserHasNoTextIsASyntaxErrorLikeOthers() {
        assertThatThrownBy(() -> Config.fromXml(stream("<!DOCTYPE a [b\">c\u0003")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("xml:1:")
                .hasMessageContaining("not well-formed XML");
    }

    @Test
    void anUnknownEntityIsASyntaxError() {
        assertThatThrownBy(() -> Config.fromXml(stream("<holdfast><node-name>&x;</node-name></holdfast>")))
                .hasMessageContaining("not well-formed XML");
    }

    @Test
    void anElementOfAnotherNamespaceIsRefused() {
        String xml = "<holdfast xmlns:o='urn:o' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
                + " xsi:schemaLocation='a b'><o:storage/><storage o:sync='os'/></holdfast>";
        assertThatThrownBy(() -> Config.fromXml(stream(xml)))
                .hasMessageContaining("has 2 mistakes")
                .hasMessageContaining("an element of another namespace")
                .hasMessageContaining("an attribute of another namespace");
    }

    @Test
    void aliasesWorkButDoNotMultiply() {
        Config config = Config.fromYaml(stream("""
                holdfast:
                  durable-executor-service:
                    a: &small {pool-size: 1, result-retention: &few {max-results: 3}}
                    b: *small
                    c: {result-retention: *few}
                """));
        assertThat(config.getDurableExecutorConfig("b").getPoolSize()).isOne();
        assertThat(config.getDurableExecutorConfig("c").getResultRetention().getMaxResults())
                .isEqualTo(3);

        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 11; i++) {
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(9)));
        }
        bomb.append("holdfast: {network: {members: *a10}}\n");
        assertTimeoutPreemptively(
                AT_ONCE,
                () -> assertThatThrownBy(() -> Config.fromYaml(stream(bomb.toString())))
                        .isInstanceOf(ConfigurationException.class));

        String many = "holdfast:\n  durable-executor-service:\n    a: &a {}\n"
                + String.join("", numbered(YamlSource.MOST_ALIASES + 1, i -> "    b" + i + ": *a\n"));
        assertThatThrownBy(() -> Config.fromYaml(stream(many))).hasMessageContaining("more than 100 aliases");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "holdfast: &a [*a]",
                "holdfast: *nothing",
                "holdfast: !!javax.script.ScriptEngineManager [a]",
                "holdfast: {node-name: !!str a}",
                "? [a, b]\n: c",
                "holdfast: {}\n---\nholdfast: {}",
                "holdfast:\n\tstorage: {}",
                "holdfast: {node-name: \"\\uD800\"}",
                "holdfast: {}\nholdfast: {}",
                "%YAML 3.0\n---\nholdfast: {}",
                "holdfast: {<<: {node-name: a}}",
            })
    void strangeYamlIsRefused(String yaml) {
        assertThatThrownBy(() -> Config.fromYaml(stream(yaml))).isInstanceOf(ConfigurationException.class);
    }

    static List<String> large() {
        int most = SourceText.MOST_BYTES - 100;
        return List.of(
                "[".repeat(most),
                "{a: ".repeat(most / 4),
                "- ".repeat(most / 2),
                "<holdfast>".repeat(most / 10),
                "<holdfast " + String.join("", numbered(9_000, i -> "a" + i + "='1' ")) + "/>",
                "<holdfast>" + "<a/>".repeat(most / 4),
                "holdfast: {" + String.join("", numbered(60_000, i -> "a" + i + ": 1, ")) + "}",
                "holdfast: {" + "x".repeat(most - 20) + ": 1}",
                "holdfast: {submit-timeout: " + "1s".repeat(most / 4) + "}",
                "holdfast: {submit-timeout: PT" + "9".repeat(most / 4) + "S, max-payload: " + "9".repeat(most / 4)
                        + "}",
                "\"" + "\\n".repeat(most / 2),
                "&a ".repeat(most / 3));
    }

    @ParameterizedTest
    @MethodSource("large")
    void largeNonsenseIsRefusedSoon(String text) {
        for (ConfigLoader.Format format : ConfigLoader.Format.values()) {
            assertTimeoutPreemptively(
                    AT_ONCE,
                    () -> assertThatThrownBy(() -> read(stream(text), format))
                            .isInstanceOfSatisfying(
                                    ConfigurationException.class,
                                    e -> assertThat(e.problems()).hasSizeBetween(1, Problems.MOST + 1)));
        }
    }

    /** Whatever the bytes are: a configuration or a list of problems, nothing else. */
    @Test
    void damagedFilesAreRefusedOrRead() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        byte[] yaml = new Config().toYaml().getBytes(StandardCharsets.UTF_8);
        byte[] xml = ("<holdfast><storage sync='os'><directory>x</directory></storage>"
                        + "<durable-executor-service name='a'><pool-size>8</pool-size></durable-executor-service></holdfast>")
                .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 2_000; round++) {
            ConfigLoader.Format format = random.nextBoolean() ? ConfigLoader.Format.YAML : ConfigLoader.Format.XML;
            byte[] bytes = (format == ConfigLoader.Format.YAML ? yaml : xml).clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(0, 128);
            }
            try {
                read(new ByteArrayInputStream(bytes), format);
            } catch (ConfigurationException e) {
                assertThat(e.problems()).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed=" + seed + " round=" + round + " text=" + new String(bytes, StandardCharsets.UTF_8), e);
            }
        }
    }

    @Test
    void aStreamThatFailsIsReportedWithItsCause() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        };
        assertThatThrownBy(() -> Config.fromXml(failing))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("broken")
                .hasRootCauseInstanceOf(IOException.class);
    }

    private static Config read(InputStream in, ConfigLoader.Format format) {
        return format == ConfigLoader.Format.XML ? Config.fromXml(in) : Config.fromYaml(in);
    }

    private static List<String> numbered(int count, Function<Integer, String> text) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(text.apply(i));
        }
        return all;
    }
}
