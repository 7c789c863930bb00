package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Checkout.Source;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Maven Central asks of a pom, and what an application that imports the BOM relies on. */
class PublishedPomsTest {

    private static final List<Source> SOURCES = Checkout.sources();

    @Test
    void theBomNamesEveryModuleOfTheReactorAndNothingElse() {
        List<String> named = Pattern.compile("<groupId>dev.holdfast</groupId><artifactId>([^<]+)</artifactId>")
                .matcher(textOf("bom.xml"))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(named).isNotEmpty().containsExactlyElementsOf(artifacts());
        assertThat(textOf("bom.xml").split("<dependency>")).hasSize(named.size() + 1);
    }

    @Test
    void everyModuleSaysWhatItIs() {
        assertThat(Checkout.modules())
                .isNotEmpty()
                .allSatisfy(module -> assertThat(textOf(module + "/pom.xml"))
                        .contains("<artifactId>holdfast-" + module + "</artifactId>", "<name>", "<description>"));
        assertThat(textOf("bom.xml")).contains("<name>", "<description>");
    }

    /** The modules inherit these. */
    @Test
    void theParentSaysWhereItIsFromAndUnderWhichLicence() {
        assertThat(textOf("pom.xml"))
                .contains("<name>", "<description>", "<url>", "<license>", "<developer>", "<scm ", "<connection>")
                .contains("<project.build.outputTimestamp>");
    }

    private static List<String> artifacts() {
        return Checkout.modules().stream().map(module -> "holdfast-" + module).toList();
    }

    private static String textOf(String path) {
        return SOURCES.stream()
                .filter(source -> source.path().equals(path))
                .findFirst()
                .orElseThrow()
                .text();
    }
}
