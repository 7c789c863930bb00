package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Checkout.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that a compiler does not know. Each is shown a text that breaks it, and counts the files it looked at. */
class TidyTest {
    private static final int LONG_FILE = 500;
    private static final String LONG_FILE_REASON = "Long because";
    private static final String SLEEP_REASON = "// sleeps because";

    /** Programs of a stranger, under docs/examples: they print, and need no package to be explained. */
    private static final String EXAMPLES = "docs";

    // Put together, so that this file does not break its own rules.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.$}:/-])/(wo" + "rk|ho" + "me|Us" + "ers|ro" + "ot|tm" + "p)/");
    private static final Pattern SLEEP = Pattern.compile("\\b(Thread\\.sl" + "eep|\\.sl" + "eep)\\(");
    private static final Pattern PRINT = Pattern.compile("System\\.(o" + "ut|e" + "rr)\\b|\\.printStack" + "Trace\\(");

    private static final List<Source> EVERYTHING = Checkout.sources();

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        Set<String> packages = EVERYTHING.stream()
                .filter(source -> source.isJava() && source.path().contains("/src/main/java/"))
                .filter(source -> !source.module().equals(EXAMPLES))
                .map(source -> source.path().replaceFirst("/[^/]+$", ""))
                .collect(Collectors.toSet());
        Set<String> described = EVERYTHING.stream()
                .filter(source -> source.path().endsWith("/package-info.java"))
                .filter(source ->
                        source.text().startsWith("/**") && source.text().contains("\n@NullMarked\n"))
                .map(source -> source.path().replaceFirst("/[^/]+$", ""))
                .collect(Collectors.toSet());
        assertThat(packages).hasSizeGreaterThan(6);
        assertThat(described).containsAll(packages);
    }

    @Test
    void nothingIsLeftForLater() {
        check(lines(UNFINISHED), source -> true, 100, "int a; // " + "TO" + "DO later");
    }

    @Test
    void noMachineHasItsPathsHere() {
        check(lines(MACHINE_PATH), source -> true, 100, "Path.of(\"" + "/ho" + "me/somebody/x\")");
    }

    @Test
    void testsWaitForWhatTheyWantInsteadOfSleeping() {
        check(
                source -> findings(source, line -> SLEEP.matcher(line).find() && !line.contains(SLEEP_REASON)),
                source -> source.isJava() && source.isTest(),
                5,
                "        Thread.sl" + "eep(100);");
    }

    /** The console's output is what it is for. Elsewhere it is somebody else's terminal; see also ArchitectureTest. */
    @Test
    void onlyTheConsolePrints() {
        check(
                lines(PRINT),
                source -> source.isJava()
                        && source.path().contains("/src/main/")
                        && !Set.of("cli", "bench", EXAMPLES).contains(source.module()),
                50,
                "System.o" + "ut.println(1);");
    }

    @Test
    void aLongFileSaysWhy() {
        check(
                source -> source.lines().size() > LONG_FILE && !source.text().contains(LONG_FILE_REASON)
                        ? Stream.of(source.path() + ": lines=" + source.lines().size() + ", limit=" + LONG_FILE
                                + "; cut it, or say '" + LONG_FILE_REASON + " ...' in its Javadoc")
                        : Stream.empty(),
                Source::isJava,
                50,
                "\n".repeat(LONG_FILE + 1));
    }

    /** A suite that no test belongs to would run nothing and succeed; one that is not listed could not be asked for. */
    @Test
    void theSuitesThatTheBuildKnowsAreThoseOfTheTests() {
        String pom = EVERYTHING.stream()
                .filter(source -> source.path().equals("pom.xml"))
                .findFirst()
                .orElseThrow()
                .text();
        String known = firstGroup(Pattern.compile("<fault\\.suites>([^<]+)<"), pom)
                .findFirst()
                .orElseThrow();
        Set<String> used = EVERYTHING.stream()
                .filter(source -> source.isJava() && source.isTest())
                .flatMap(source -> firstGroup(Pattern.compile("@Tag\\(\"suite-([^\"]+)\"\\)"), source.text()))
                .collect(Collectors.toSet());
        assertThat(used).containsExactlyInAnyOrder(known.split("\\|")).isNotEmpty();
    }

    private static Stream<String> firstGroup(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }

    private interface Rule {
        Stream<String> findingsIn(Source source);
    }

    private static Rule lines(Pattern forbidden) {
        return source -> findings(source, line -> forbidden.matcher(line).find());
    }

    private static Stream<String> findings(Source source, Predicate<String> forbidden) {
        List<String> findings = new ArrayList<>();
        List<String> lines = source.lines();
        for (int i = 0; i < lines.size(); i++) {
            if (forbidden.test(lines.get(i))) {
                findings.add(source.path() + ":" + (i + 1) + ": " + lines.get(i).strip());
            }
        }
        return findings.stream();
    }

    private static void check(Rule rule, Predicate<Source> where, int atLeast, String offence) {
        List<Source> looked = EVERYTHING.stream().filter(where).toList();
        assertThat(rule.findingsIn(new Source("planted/src/test/Planted.java", offence)))
                .as("the rule sees what it forbids")
                .isNotEmpty();
        assertThat(looked).as("files looked at").hasSizeGreaterThanOrEqualTo(atLeast);
        assertThat(looked.stream().flatMap(rule::findingsIn)).isEmpty();
    }
}
