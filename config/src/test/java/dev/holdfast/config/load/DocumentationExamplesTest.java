package dev.holdfast.config.load;

import static dev.holdfast.config.load.Sample.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

/** What stands in the documentation works. */
class DocumentationExamplesTest {
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```\\n", Pattern.DOTALL);

    private static String page(String name) throws IOException {
        return Files.readString(GeneratedFilesTest.checkout().resolve("docs").resolve(name));
    }

    private static String block(String page, String language) {
        Matcher blocks = BLOCK.matcher(page);
        while (blocks.find()) {
            if (blocks.group(1).equals(language)) {
                return blocks.group(2);
            }
        }
        throw new AssertionError("No example: language=" + language);
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new TreeMap<>();
        text.lines().forEach(line -> {
            String[] parts = line.split("=", 2);
            pairs.put(parts[0], parts[1].replace("'", ""));
        });
        return pairs;
    }

    @Test
    void theFiveFormsOfThePageAreTheSame() throws IOException {
        String page = page("configuration.md");
        String expected = PageExample.programmatic().validate().toYaml();
        Surroundings none = Surroundings.none();

        assertThat(Config.fromYaml(stream(block(page, "yaml")), none).toYaml()).isEqualTo(expected);
        assertThat(Config.fromXml(stream(block(page, "xml")), none).toYaml()).isEqualTo(expected);
        Map<String, String> properties = pairs(block(page, "properties"));
        assertThat(new Config(Surroundings.of(Map.of(), properties)).validate().toYaml())
                .isEqualTo(expected);
        Map<String, String> variables = pairs(block(page, "sh"));
        assertThat(new Config(Surroundings.of(variables, Map.of())).validate().toYaml())
                .isEqualTo(expected);
    }

    /** Those of other pages, too; the XML is also what the schema says. */
    @Test
    void everyConfigurationInTheDocumentationLoads() throws Exception {
        int found = 0;
        try (Stream<Path> pages = Files.walk(GeneratedFilesTest.checkout().resolve("docs"))) {
            List<Path> all = new ArrayList<>(
                    pages.filter(page -> page.toString().endsWith(".md")).toList());
            all.add(GeneratedFilesTest.checkout().resolve("README.md"));
            for (Path page : all) {
                Matcher blocks = BLOCK.matcher(Files.readString(page));
                while (blocks.find()) {
                    found += load(page, blocks.group(2)) ? 1 : 0;
                }
            }
        }
        assertThat(found).as("configurations").isGreaterThan(2);
    }

    private static boolean load(Path page, String block) throws Exception {
        try {
            if (block.startsWith("holdfast:\n")) {
                Config.fromYaml(stream(block), Surroundings.none());
            } else if (block.startsWith("<holdfast")) {
                Config.fromXml(stream(block), Surroundings.none());
                XmlSchemaTest.validate(stream(block));
            } else {
                return false;
            }
            return true;
        } catch (ConfigurationException | SAXException e) {
            throw new AssertionError(page + " has an example that is wrong:\n" + block, e);
        }
    }

    @Test
    void theCodeOfThePagesCompiles() throws IOException {
        Path source =
                GeneratedFilesTest.checkout().resolve("config/src/test/java/dev/holdfast/config/load/PageExample.java");
        for (String name : List.of("configuration.md", "migrating-from-hazelcast.md")) {
            Matcher compiled = Pattern.compile("// " + Pattern.quote(name) + "\\n(.*?) *// end", Pattern.DOTALL)
                    .matcher(Files.readString(source));
            assertThat(compiled.find()).as(name).isTrue();
            assertThat(block(page(name), "java"))
                    .isEqualTo(compiled.group(1)
                            .lines()
                            .map(line -> line.replaceFirst("^ {8}", "") + "\n")
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void theMistakesOfThePageAreReportedSo() throws IOException {
        String shown = page("configuration.md");
        assertThatThrownBy(() -> Config.fromYaml(
                        stream("holdfast:\n  node-name: a\n  storage:\n    sync: allways\n"),
                        Surroundings.of(Map.of("HOLDFAST_STORAGE_SNYC", "os"), Map.of())))
                .satisfies(failure -> String.valueOf(failure.getMessage())
                        .lines()
                        .skip(1)
                        .map(line -> line.replace("yaml:", "holdfast.yaml:"))
                        .forEach(line -> assertThat(shown).contains(line)));
    }
}
