package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.load.Reserved;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A system property {@code holdfast....} or a variable {@code HOLDFAST_...} that is no setting stops every node in the
 * process: what launcher, build and tests use has to be reserved.
 */
class ReservedNamesTest {
    private static final Pattern PROPERTY_READ =
            Pattern.compile("(?:getProperty|getInteger|getLong|getBoolean|setProperty)\\(\\s*\"(holdfast\\.[^\"]+)\"");
    private static final Pattern PROPERTY_GIVEN = Pattern.compile("[\"\\s]-D(holdfast\\.[a-z0-9.]+)=");
    private static final Pattern PROPERTY_OF_THE_BUILD = Pattern.compile("<(holdfast\\.[a-z0-9.]+)>");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(HOLDFAST_[A-Z_]+)|getenv\\(\"(HOLDFAST_[A-Z_]+)");

    @Test
    void whatLauncherBuildAndTestsUseIsReserved() {
        Set<String> properties = new TreeSet<>();
        Set<String> variables = new TreeSet<>();
        for (Checkout.Source source : Checkout.sources()) {
            boolean program = source.isJava() && !source.module().equals("config");
            boolean script = source.path().equals("holdfast") || source.path().equals(".ci/run");
            if (program || script) {
                collect(PROPERTY_READ, source, properties);
            }
            if (script) {
                collect(PROPERTY_GIVEN, source, properties);
                collect(VARIABLE, source, variables);
            }
            if (source.path().endsWith("pom.xml")) {
                collect(PROPERTY_OF_THE_BUILD, source, properties);
            }
        }
        assertThat(properties).contains("holdfast.columns", "holdfast.checkout").allMatch(Reserved::isProperty);
        assertThat(variables).contains("HOLDFAST_JAVA_OPTS").allMatch(Reserved::isVariable);
    }

    private static void collect(Pattern pattern, Checkout.Source source, Set<String> names) {
        pattern.matcher(source.text()).results().forEach(match -> {
            for (int group = 1; group <= match.groupCount(); group++) {
                if (match.group(group) != null) {
                    names.add(match.group(group));
                }
            }
        });
    }
}
