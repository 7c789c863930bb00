package dev.holdfast.cli.shell;

import dev.holdfast.cli.console.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Lines that a person types, with history and completion. Ctrl-C ends the line or the command, Ctrl-D the shell. */
final class InteractiveShell {

    /** The one that ends a command which does not listen. */
    private static final int INTERRUPTS_TO_END = 3;

    private static final int EXIT_BY_INTERRUPT = 130;

    private final CommandRunner runner;
    private final Session session;
    private final PrintWriter out;
    private final @Nullable Path history;

    InteractiveShell(CommandRunner runner, Session session, PrintWriter out, @Nullable Path history) {
        this.runner = runner;
        this.session = session;
        this.out = out;
        this.history = history;
    }

    /** Always success: whoever types has seen what failed. */
    int run() throws IOException {
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            LineReader reader = reader(terminal);
            out.println("Holdfast shell: commands without `holdfast`, Tab completes, `exit` or Ctrl-D ends it.");
            out.flush();
            while (!session.hasEnded()) {
                String line;
                try {
                    line = reader.readLine(prompt());
                } catch (UserInterruptException thrownAway) {
                    continue;
                } catch (EndOfFileException end) {
                    break;
                }
                runInterruptibly(terminal, line);
            }
        }
        return ExitCodes.OK;
    }

    private LineReader reader(Terminal terminal) {
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("holdfast")
                .terminal(terminal)
                .parser(new DefaultParser())
                .completer(new ShellCompleter(runner, session))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.CASE_INSENSITIVE, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        LineReader reader = builder.build();
        History read = reader.getHistory();
        read.attach(reader);
        return reader;
    }

    private String prompt() {
        String data = session.data();
        Path name =
                data == null ? null : Path.of(data).toAbsolutePath().normalize().getFileName();
        return name == null ? "holdfast> " : "holdfast " + name + "> ";
    }

    private void runInterruptibly(Terminal terminal, String line) {
        Thread runs = Thread.currentThread();
        AtomicInteger interrupts = new AtomicInteger();
        Terminal.SignalHandler before = terminal.handle(Signal.INT, signal -> {
            if (interrupts.incrementAndGet() >= INTERRUPTS_TO_END) {
                Runtime.getRuntime().halt(EXIT_BY_INTERRUPT);
            }
            runs.interrupt();
        });
        try {
            session.run(line);
            out.flush();
        } finally {
            terminal.handle(Signal.INT, before);
            Thread.interrupted();
        }
    }
}
