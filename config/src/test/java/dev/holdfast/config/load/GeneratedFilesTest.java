package dev.holdfast.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The schema and the tables of the documentation are made from the table of settings. After a change of that table make
 * them new: {@value #COMMAND}
 */
class GeneratedFilesTest {
    static final String COMMAND = "./mvnw -q test -pl config -Dtest=GeneratedFilesTest -Dregenerate";

    /** Not {@code holdfast....}: that would be a setting. */
    private static final boolean REGENERATE = System.getProperty("regenerate") != null;

    /** The build tells; an IDE starts the test in the module's folder. */
    static Path checkout() {
        return Path.of(System.getProperty("holdfast.checkout", "..")).toAbsolutePath();
    }

    @Test
    void theSchemaIsThatOfTheTable() throws IOException {
        check("config/src/main/resources/dev/holdfast/config/" + XmlPrinter.SCHEMA_FILE, SchemaWriter.write());
    }

    @Test
    void theDocumentationIsThatOfTheTable() throws IOException {
        String page = Files.readString(checkout().resolve("docs/configuration.md"));
        check("docs/configuration.md", DocumentationWriter.update(page));
    }

    private static void check(String name, String made) throws IOException {
        Path file = checkout().resolve(name);
        if (REGENERATE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made);
        }
        List<String> present = Files.readAllLines(file);
        String firstOther =
                made.lines().filter(line -> !present.contains(line)).findFirst().orElse("a line too many");
        assertThat(Files.readString(file).equals(made))
                .as("%s is not what the table of settings makes, missing: %s\nRun %s", name, firstOther, COMMAND)
                .isTrue();
    }
}
