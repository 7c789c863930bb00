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
        assertThat(print(Terminal.of(false, "60", Map.of("COLUMNS", "60"))).get(1))
                .endsWith(LONG);
    }

    @Test
    void onATerminalTheWidestColumnGivesWayAndTheIdNever() {
        List<String> lines = print(Terminal.of(true, "50", Map.of("NO_COLOR", "1")));
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(50));
        assertThat(lines.get(1)).startsWith("1234567890123  FAILED").endsWith("…");
    }

    @Test
    void coloursNeedATerminalAndAreRefusedByNoColor() {
        assertThat(Terminal.of(true, "", Map.of()).colour()).isTrue();
        assertThat(Terminal.of(true, "", Map.of("NO_COLOR", "1")).colour()).isFalse();
        assertThat(Terminal.of(true, "", Map.of("TERM", "dumb")).colour()).isFalse();
        assertThat(Terminal.of(false, "", Map.of()).colour()).isFalse();
    }

    @Test
    void theWidthIsTheLaunchersThenTheEnvironmentsThenUsual() {
        assertThat(Terminal.of(true, "123", Map.of("COLUMNS", "99")).columns()).isEqualTo(123);
        assertThat(Terminal.of(true, "", Map.of("COLUMNS", "99")).columns()).isEqualTo(99);
        assertThat(Terminal.of(true, "", Map.of()).columns()).isEqualTo(80);
        assertThat(Terminal.of(true, "nonsense", Map.of()).columns()).isEqualTo(80);
        assertThat(Terminal.of(true, "3", Map.of()).columns()).isEqualTo(Terminal.MIN_COLUMNS);
    }

    @Test
    void aLabelCannotMoveTheCursor() {
        assertThat(Table.printable("a\u001b[2Jb\nc\u202ed")).isEqualTo("a?[2Jb?c?d");
    }

    private List<String> print(Terminal terminal) {
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text), terminal);
        return text.toString().lines().toList();
    }
}
