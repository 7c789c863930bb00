package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Checkout.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/verification.md} promises that each of its lines is shown by a test: one that is there. */
class VerificationPageTest {

    private static final String PAGE = "docs/verification.md";

    /** {@code module: Class#method}, or {@code #method} of the class named last. */
    private static final Pattern NAMED =
            Pattern.compile("`(?=[a-z]+: |#)(?:(?<module>[a-z]+): (?<type>[A-Z]\\w+))?(?:#(?<method>[a-z]\\w+))?`");

    private static final List<Source> SOURCES = Checkout.sources();

    @Test
    void everyTestThatIsNamedExists() {
        String page = SOURCES.stream()
                .filter(source -> source.path().equals(PAGE))
                .findFirst()
                .orElseThrow()
                .text();
        assertThat(missingFrom("`node: NoSuchTest#gone`, `testkit: VerificationPageTest#gone`"))
                .hasSize(2);
        assertThat(NAMED.matcher(page).results().count()).isGreaterThan(100);
        assertThat(missingFrom(page)).isEmpty();
    }

    private static List<String> missingFrom(String page) {
        List<String> missing = new ArrayList<>();
        List<Source> last = List.of();
        Matcher named = NAMED.matcher(page);
        while (named.find()) {
            String module = named.group("module");
            String method = named.group("method");
            if (module != null) {
                String file = "/" + named.group("type") + ".java";
                last = SOURCES.stream()
                        .filter(source -> source.module().equals(module)
                                && source.isTest()
                                && source.path().endsWith(file))
                        .toList();
            }
            boolean found = last.stream()
                    .anyMatch(source -> method == null || source.text().contains(" " + method + "("));
            if (!found) {
                missing.add(named.group());
            }
        }
        return missing;
    }
}
