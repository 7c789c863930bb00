package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.testkit.Checkout.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} explains each error code once, and nothing that is no code. */
class OperationsPageTest {

    private static final Pattern ENTRY = Pattern.compile("(?ms)^### (HF-\\d{4})\\n\\n(.*?)\\.\\n\\n(.*?)(?=^##|\\z)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]+)\\)");
    private static final Pattern LINE = Pattern.compile("\\bLOG\\.(?:warn|error)\\(");
    private static final Pattern WITHOUT_CODE = Pattern.compile(LINE + "\\s*+(?!ErrorCode\\.|code\\.says\\()[^;]*;?");
    private static final Pattern CODE = Pattern.compile("\\bHF-\\d{4}\\b");

    private static final List<Source> SOURCES = Checkout.sources();

    @Test
    void eachCodeHasOneEntryWithItsMeaningAndAllThatIsAsked() {
        List<MatchResult> entries = ENTRY.matcher(page()).results().toList();
        assertThat(entries.stream().map(entry -> entry.group(1)))
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::id).toList());
        Map<String, String> meanings = entries.stream()
                .collect(Collectors.toMap(
                        entry -> entry.group(1), entry -> entry.group(2).replace('\n', ' ')));
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(meanings.get(code.id())).as(code.id()).isEqualTo(code.meaning());
            assertThat(code.help()).isEqualTo("docs/operations.md#" + DocumentLinksTest.anchor(code.id()));
        }
        assertThat(entries)
                .allSatisfy(entry ->
                        assertThat(entry.group(3)).as(entry.group(1)).contains("* **Your data**: ", "* **Do**: "));
    }

    @Test
    void everyLinkWithinThePageLeadsToOneHeading() {
        List<String> anchors = HEADING.matcher(page())
                .results()
                .map(heading -> DocumentLinksTest.anchor(heading.group(1)))
                .toList();
        assertThat(anchors).doesNotHaveDuplicates();
        assertThat(LINK.matcher(page()).results().map(link -> link.group(1)).toList())
                .hasSizeGreaterThan(30)
                .isSubsetOf(anchors);
    }

    /** A code that nothing says explains what can not happen. */
    @Test
    void everyCodeIsSaidByTheProduct() {
        String product = SOURCES.stream()
                .filter(source -> source.isJava() && source.path().contains("/src/main/"))
                .filter(source -> !source.path().endsWith("/ErrorCode.java"))
                .map(Source::text)
                .collect(Collectors.joining());
        assertThat(Arrays.stream(ErrorCode.values())
                        .filter(code -> !product.contains("ErrorCode." + code.name())
                                && !product.contains("\"" + code.id() + "\"")))
                .isEmpty();
    }

    /** But the line of a parked task, whose reason carries the code. */
    @Test
    void everyWarningAndErrorInTheLogHasACode() {
        assertThat(WITHOUT_CODE.matcher("LOG.warn(\n    \"All is well\", x)").find())
                .isTrue();
        List<String> without = new ArrayList<>();
        int lines = 0;
        for (Source source : SOURCES) {
            if (source.isJava() && source.path().contains("/src/main/")) {
                lines += (int) LINE.matcher(source.text()).results().count();
                WITHOUT_CODE
                        .matcher(source.text())
                        .results()
                        .map(MatchResult::group)
                        .filter(line -> !line.contains("because={}"))
                        .forEach(line -> without.add(source.path() + ": " + line));
            }
        }
        assertThat(lines).isGreaterThan(20);
        assertThat(without).isEmpty();
    }

    @Test
    void noOtherPageNamesACodeThatIsNone() {
        Set<String> known = Arrays.stream(ErrorCode.values()).map(ErrorCode::id).collect(Collectors.toSet());
        Stream<String> named = SOURCES.stream()
                .filter(source -> source.path().endsWith(".md"))
                .flatMap(source -> CODE.matcher(source.text()).results().map(MatchResult::group));
        assertThat(named.collect(Collectors.toSet())).isEqualTo(known);
    }

    private static String page() {
        return SOURCES.stream()
                .filter(source -> source.path().equals(ErrorCode.PAGE))
                .findFirst()
                .orElseThrow()
                .text();
    }
}
