package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter text = new StringWriter();

    private String shown(boolean terminal) {
        return shown(new Terminal(terminal, terminal, terminal, terminal ? 80 : Terminal.UNLIMITED, 24));
    }

    private String shown(Terminal terminal) {
        Progress progress = new Progress(new PrintWriter(text), terminal, true);
        progress.begin();
        for (int done = 1; done <= 100; done++) {
            progress.show("Finished", done, 100);
        }
        progress.line("Done");
        return text.toString();
    }

    @Test
    void onATerminalABarIsDrawnOverAndGone() {
        assertThat(shown(true))
                .contains("\r\u001b[K  [" + "#".repeat(30) + "] Finished: 100 of 100")
                .endsWith("\r\u001b[KDone" + System.lineSeparator());
    }

    @Test
    void onANarrowTerminalTheBarIsShorterSoThatNoLineBreaks() {
        assertThat(shown(new Terminal(true, true, true, 40, 24)))
                .contains("[" + "#".repeat(14) + "] Finished: 100 of 100");
    }

    @Test
    void elsewhereEachTenthIsAPlainLine() {
        assertThat(shown(false)).doesNotContain("\u001b", "\r");
        assertThat(text.toString().lines()).hasSize(11).contains("  Finished: 10 of 100", "  Finished: 100 of 100");
    }
}
