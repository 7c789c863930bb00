package dev.holdfast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final String LONG = "a failure with so many words that no terminal has room for all of them";

    private final Table table = new Table("ID", "STATE", "FAILURE").row(1234567890123L, "FAILED", LONG);

    @Test
    void nothingIsCutWhereAProgramReads() {
        assertThat(print(terminal(false, "60", Map.of("COLUMNS", "60"))).get(1)).endsWith(LONG);
    }

    @Test
    void onATerminalTheWidestColumnGivesWayAndTheIdNever() {
        List<String> lines = print(terminal(true, "50", Map.of("NO_COLOR", "1")));
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(50));
        assertThat(lines.get(1)).startsWith("1234567890123  FAILED").endsWith("…");
    }

    @Test
    void coloursNeedATerminalAndAreRefusedByNoColor() {
        assertThat(terminal(true, "", Map.of()).colour()).isTrue();
        assertThat(terminal(true, "", Map.of("NO_COLOR", "1")).colour()).isFalse();
        assertThat(terminal(true, "", Map.of("TERM", "dumb")).colour()).isFalse();
        assertThat(terminal(false, "", Map.of()).colour()).isFalse();
    }

    @Test
    void theWidthIsTheLaunchersThenTheEnvironmentsThenUsual() {
        assertThat(terminal(true, "123", Map.of("COLUMNS", "99")).columns()).isEqualTo(123);
        assertThat(terminal(true, "", Map.of("COLUMNS", "99")).columns()).isEqualTo(99);
        assertThat(terminal(true, "", Map.of()).columns()).isEqualTo(80);
        assertThat(terminal(true, "nonsense", Map.of()).columns()).isEqualTo(80);
        assertThat(terminal(true, "3", Map.of()).columns()).isEqualTo(Terminal.MIN_COLUMNS);
    }

    @Test
    void aLabelCannotMoveTheCursor() {
        assertThat(Table.printable("a\u001b[2Jb\nc\u202ed")).isEqualTo("a?[2Jb?c?d");
    }

    @Test
    void whereThereIsNoRoomTheDetailsAreLeftOutTheLastOnesFirst() {
        Table wide = new Table(List.of(
                        new Table.Column("ID", false),
                        new Table.Column("STATE", false),
                        new Table.Column("ATTEMPT", true),
                        new Table.Column("TYPE", true),
                        new Table.Column("WHY", false)))
                .row(1688849860263937L, "QUARANTINED", 3, "SomeTask", LONG);
        StringWriter text = new StringWriter();
        assertThat(wide.print(new PrintWriter(text), terminal(true, "40", Map.of("NO_COLOR", "1")), true))
                .containsExactly("ATTEMPT", "TYPE");
        assertThat(text.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40))
                .element(1)
                .asString()
                .startsWith("1688849860263937  QUARANTIN…  a fai");
    }

    @Test
    void charactersOfTwoPlacesKeepTheColumnsInLine() {
        StringWriter text = new StringWriter();
        new Table("ID", "LABEL", "END")
                .row(1, "日本語", "x")
                .row(2, "e\u0301te", "x")
                .print(new PrintWriter(text), terminal(false, "", Map.of()));
        assertThat(text.toString().lines()).containsExactly("ID  LABEL   END", "1   日本語  x", "2   e\u0301te     x");
    }

    @Test
    void statesHaveColoursWhereThereAreAny() {
        Table coloured = new Table("ID", "STATE", "END").row(1, new Cell("FAILED", Style.BAD), "x");
        StringWriter text = new StringWriter();
        coloured.print(new PrintWriter(text), terminal(true, "80", Map.of()));
        assertThat(text.toString()).contains("1   \u001b[31mFAILED\u001b[0m  x");
        StringWriter plain = new StringWriter();
        coloured.print(new PrintWriter(plain), terminal(true, "80", Map.of("TERM", "dumb")));
        assertThat(plain.toString()).doesNotContain("\u001b").contains("1   FAILED  x");
    }

    @Test
    void theColourThatIsAskedForGoesBeforeTheEnvironment() {
        TerminalSize size = new TerminalSize("24", "80");
        assertThat(Terminal.of(false, size, ColorChoice.ALWAYS, Map.of()).colour())
                .isTrue();
        assertThat(Terminal.of(true, size, ColorChoice.ALWAYS, Map.of("NO_COLOR", "1"))
                        .colour())
                .isTrue();
        assertThat(Terminal.of(true, size, ColorChoice.NEVER, Map.of()).colour())
                .isFalse();
    }

    private static Terminal terminal(boolean interactive, String columns, Map<String, String> environment) {
        return Terminal.of(interactive, new TerminalSize("", columns), ColorChoice.AUTO, environment);
    }

    private List<String> print(Terminal terminal) {
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text), terminal);
        return text.toString().lines().toList();
    }
}
