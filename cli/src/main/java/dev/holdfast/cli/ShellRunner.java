package dev.holdfast.cli;

import dev.holdfast.TaskQuery;
import dev.holdfast.cli.shell.CommandRunner;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.OfflineView;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The console's commands, for its shell. */
final class ShellRunner implements CommandRunner {

    private static final int MOST_IDS = 200;

    @Override
    public CommandLine commandLine(PrintWriter out, PrintWriter err, List<String> words) {
        return Main.commandLine(out, err, words.toArray(String[]::new));
    }

    @Override
    public CommandLine everything() {
        return CommandTree.build(new Main(), CommandTree.WHOLE);
    }

    @Override
    public Names names(String data) {
        Path directory = Path.of(data).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            return Names.NONE;
        }
        try (TaskView view = view(directory);
                Stream<SeenTask> tasks = view.tasks(TaskQuery.all(), null)) {
            List<SeenTask> all = new ArrayList<>(tasks.toList());
            Collections.reverse(all);
            return new Names(
                    all.stream()
                            .limit(MOST_IDS)
                            .map(task -> task.taskId().toString())
                            .toList(),
                    all.stream().map(SeenTask::executor).distinct().sorted().toList());
        } catch (IOException | RuntimeException nothingToComplete) {
            return Names.NONE;
        }
    }

    private static TaskView view(Path directory) throws IOException {
        try {
            return AdminClient.connect(directory);
        } catch (IOException noNode) {
            return OfflineView.open(directory, "holdfast shell");
        }
    }
}
