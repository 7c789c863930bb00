package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.CommandTree.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandTreeTest {

    private final CommandLine whole = CommandTree.build(new Main(), CommandTree.WHOLE);

    @Test
    void everyEntryIsItsClassInItsPlace() {
        for (Entry entry : CommandTree.ENTRIES) {
            CommandLine command = find(entry.path());
            Command annotation = command.getCommand().getClass().getAnnotation(Command.class);
            assertThat(annotation.name()).as(entry.path()).isEqualTo(entry.name());
        }
    }

    @Test
    void whatIsNotNamedIsKnownByItsSummaryAlone() {
        CommandLine none = CommandTree.build(new Main(), Set.of("--help")::contains);
        assertThat(none.getSubcommands().keySet())
                .isEqualTo(whole.getSubcommands().keySet());
        assertThat(none.getSubcommands().values())
                .allSatisfy(command ->
                        assertThat(command.getCommandSpec().userObject()).isNull());
    }

    @Test
    void theSummariesAreOneLineOfTheHelp() {
        List<String> summaries =
                CommandTree.ENTRIES.stream().map(Entry::summary).toList();
        assertThat(none().getUsageMessage().lines().map(String::strip).toList())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        for (Entry entry : CommandTree.ENTRIES) {
            if (!entry.path().contains(" ")) {
                assertThat(none().getUsageMessage()).contains(entry.name()).contains(entry.summary());
            }
        }
        assertThat(summaries).doesNotHaveDuplicates();
    }

    private static CommandLine none() {
        return CommandTree.build(new Main(), name -> false);
    }

    private CommandLine find(String path) {
        CommandLine at = whole;
        for (String name : new ArrayList<>(List.of(path.split(" ")))) {
            at = at.getSubcommands().get(name);
            assertThat(at).as(path).isNotNull();
        }
        return at;
    }
}
