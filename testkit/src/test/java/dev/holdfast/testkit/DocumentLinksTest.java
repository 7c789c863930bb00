package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Checkout.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a page refers to is there. */
class DocumentLinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    private static final Map<String, Source> SOURCES =
            Checkout.sources().stream().collect(Collectors.toMap(Source::path, Function.identity()));

    @Test
    void everyLinkToAFileOrAHeadingLeadsThere() {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Source page : SOURCES.values()) {
            if (page.path().endsWith(".md")) {
                for (MatchResult link : linksOf(page)) {
                    links++;
                    if (!leadsSomewhere(page, link.group(1), link.group(2))) {
                        dead.add(page.path() + ": " + link.group());
                    }
                }
            }
        }
        assertThat(leadsSomewhere(new Source("docs/planted.md", ""), "no-such.md", null))
                .isFalse();
        assertThat(links).isGreaterThan(100);
        assertThat(dead).isEmpty();
    }

    private static List<MatchResult> linksOf(Source page) {
        return LINK.matcher(CODE.matcher(page.text()).replaceAll("")).results().toList();
    }

    private static boolean leadsSomewhere(Source page, String target, @Nullable String heading) {
        Path from = Path.of(page.path());
        String path = target.isEmpty()
                ? page.path()
                : from.resolveSibling(target).normalize().toString().replace('\\', '/');
        if (heading == null) {
            return SOURCES.keySet().stream().anyMatch(file -> file.equals(path) || file.startsWith(path + "/"));
        }
        Source known = SOURCES.get(path);
        return known != null && headingsOf(known).contains(heading);
    }

    private static Set<String> headingsOf(Source page) {
        return HEADING.matcher(page.text())
                .results()
                .map(match -> anchor(match.group(1)))
                .collect(Collectors.toSet());
    }

    /** As the usual viewers of Markdown make it. */
    static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
