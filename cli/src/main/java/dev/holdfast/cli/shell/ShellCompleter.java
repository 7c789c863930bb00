package dev.holdfast.cli.shell;

import dev.holdfast.cli.shell.CommandRunner.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Commands and options as picocli knows them; executor names and task ids as they are in the directory. */
final class ShellCompleter implements Completer {

    private static final long NAMES_FRESH_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final CommandRunner runner;
    private final Session session;
    private @Nullable CommandLine everything;
    private Names names = Names.NONE;
    private @Nullable String namesOf;
    private long namesSinceNanos;

    ShellCompleter(CommandRunner runner, Session session) {
        this.runner = runner;
        this.session = session;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        candidates(line.words(), line.wordIndex(), line.cursor()).forEach(word -> candidates.add(new Candidate(word)));
    }

    List<String> candidates(List<String> words, int index, int cursor) {
        CommandLine all = everything == null ? runner.everything() : everything;
        everything = all;
        CommandLine command = all;
        List<String> operands = new ArrayList<>();
        for (String word : words.subList(0, index)) {
            CommandLine child = operands.isEmpty() ? command.getSubcommands().get(word) : null;
            if (child != null) {
                command = child;
            } else if (!word.startsWith("-")) {
                operands.add(word);
            }
        }
        String current = index < words.size() ? words.get(index) : "";
        OptionSpec option = index == 0 ? null : command.getCommandSpec().findOption(words.get(index - 1));
        if (option != null && option.arity().max() > 0) {
            if (option.paramLabel().equals("NAME")) {
                return names().executors();
            }
            if (option.completionCandidates() != null) {
                List<String> values = new ArrayList<>();
                option.completionCandidates().forEach(values::add);
                return values;
            }
        } else if (!current.startsWith("-")
                && !command.getCommandSpec().positionalParameters().isEmpty()) {
            String label = command.getCommandSpec()
                    .positionalParameters()
                    .get(0)
                    .paramLabel()
                    .toUpperCase(Locale.ROOT);
            if (label.startsWith("ID")) {
                return names().taskIds();
            }
            if (label.startsWith("NAME") || label.startsWith("EXECUTOR")) {
                return names().executors();
            }
        }
        List<CharSequence> found = new ArrayList<>();
        AutoComplete.complete(all.getCommandSpec(), words.toArray(String[]::new), index, 0, cursor, found);
        return found.stream().map(CharSequence::toString).toList();
    }

    private Names names() {
        String data = session.data();
        if (!Objects.equals(data, namesOf)
                || names.equals(Names.NONE)
                || System.nanoTime() - namesSinceNanos > NAMES_FRESH_NANOS) {
            names = runner.names(data == null ? "./holdfast-data" : data);
            namesOf = data;
            namesSinceNanos = System.nanoTime();
        }
        return names;
    }
}
