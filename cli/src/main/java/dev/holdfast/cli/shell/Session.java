package dev.holdfast.cli.shell;

import dev.holdfast.cli.console.ExitCodes;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Runs line after line, and remembers the data directory. */
final class Session {

    private static final String DATA = "--data";
    /** In place of it, for this line alone. */
    private static final String ADDRESS = "--address";

    private static final Set<String> END = Set.of("exit", "quit");

    /** A shell in a shell reads the same input; a node ends with its process, which is the shell's. */
    private static final Set<String> NOT_HERE = Set.of("shell", "start");

    private final CommandRunner runner;
    private final PrintWriter out;
    private final PrintWriter err;
    private @Nullable String data;
    private boolean ended;

    Session(CommandRunner runner, PrintWriter out, PrintWriter err, @Nullable String data) {
        this.runner = runner;
        this.out = out;
        this.err = err;
        this.data = data;
    }

    /** Where commands look that do not say it themselves; null for their default. */
    @Nullable
    String data() {
        return data;
    }

    /** Whether {@code exit} was said. */
    boolean hasEnded() {
        return ended;
    }

    /** Exit code of the command in {@code line}; a line without one is a success. */
    int run(String line) {
        Optional<List<String>> parsed = Words.of(line);
        if (parsed.isEmpty()) {
            return refuse("A quote is not closed: " + line.strip());
        }
        List<String> words = new ArrayList<>(parsed.get());
        if (words.isEmpty()) {
            return ExitCodes.OK;
        }
        String first = words.get(0);
        if (words.size() == 1 && END.contains(first)) {
            ended = true;
            return ExitCodes.OK;
        }
        if (NOT_HERE.contains(first) && !words.contains("--help") && !words.contains("-h")) {
            return refuse("`" + first + "` does not run in a shell; start it in a process of its own");
        }
        CommandLine command = runner.commandLine(out, err, words);
        addData(command, words);
        return command.execute(words.toArray(String[]::new));
    }

    private int refuse(String why) {
        err.println("holdfast: " + why);
        err.flush();
        return ExitCodes.USAGE;
    }

    /** Takes what is said for the next commands, and says what was said before. */
    private void addData(CommandLine root, List<String> words) {
        CommandLine at = root;
        int end = 0;
        for (; end < words.size(); end++) {
            CommandLine child = at.getSubcommands().get(words.get(end));
            if (child == null) {
                break;
            }
            at = child;
        }
        if (at.getCommandSpec().findOption(DATA) == null || at.getCommandName().equals("demo")) {
            return;
        }
        for (int word = end; word < words.size(); word++) {
            if (words.get(word).equals(ADDRESS) || words.get(word).startsWith(ADDRESS + "=")) {
                return;
            }
            if (words.get(word).equals(DATA) && word + 1 < words.size()) {
                data = words.get(word + 1);
                return;
            }
            if (words.get(word).startsWith(DATA + "=")) {
                data = words.get(word).substring(DATA.length() + 1);
                return;
            }
        }
        String known = data;
        if (known != null) {
            words.addAll(end, List.of(DATA, known));
        }
    }
}
