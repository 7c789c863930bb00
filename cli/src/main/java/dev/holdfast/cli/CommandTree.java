package dev.holdfast.cli;

import dev.holdfast.cli.demo.DemoCommand;
import dev.holdfast.cli.doctor.DoctorCommand;
import dev.holdfast.cli.shell.ShellCommand;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * All commands, each with the one line that the help of its parent shows. A command line needs one of them: only that one's
 * class is loaded and looked into, which is most of the time that {@code --help} takes. What picocli knows of the others is
 * name and summary.
 */
final class CommandTree {

    /** Every command, for who needs all their options. */
    static final Predicate<String> WHOLE = name -> true;

    /** @param path name, after its parent's */
    record Entry(String path, String summary) {

        String name() {
            return path.substring(path.lastIndexOf(' ') + 1);
        }

        boolean isChildOf(String parent) {
            return path.length() == parent.length() + (parent.isEmpty() ? 0 : 1) + name().length()
                    && path.startsWith(parent);
        }
    }

    /** In the order of the help. */
    static final List<Entry> ENTRIES = List.of(
            new Entry("start", "Run a node until it is stopped."),
            new Entry("demo", "Run tasks, kill the node half way, check every result."),
            new Entry("submit", "Make a task of a class, and store it."),
            new Entry("tasks", "Look at tasks and results, and act on them."),
            new Entry("tasks list", "List tasks and results, oldest first."),
            new Entry("tasks show", "Show one task: why it is not running, what is stored of it."),
            new Entry("tasks result", "Print the result of a task."),
            new Entry("tasks cancel", "Cancel tasks that have not ended."),
            new Entry("tasks retry", "Run failed, parked or quarantined tasks again."),
            new Entry("tasks discard", "Give up failed, parked or quarantined tasks."),
            new Entry("tasks dispose", "Remove results."),
            new Entry("executors", "Look at executors, pause, resume, shut down and reopen them."),
            new Entry("executors list", "List executors with what they hold."),
            new Entry("executors show", "Show one executor."),
            new Entry("executors pause", "Start no more tasks of an executor."),
            new Entry("executors resume", "Start tasks of an executor again."),
            new Entry("executors shutdown", "Accept no more tasks for an executor, for good."),
            new Entry("executors reopen", "Undo a shutdown."),
            new Entry("status", "Say whether a node and its cluster are well."),
            new Entry("members", "List the members of a cluster."),
            new Entry("partitions", "List partitions, who leads them and who has copies."),
            new Entry("cluster", "Recover partitions, remove members, leave."),
            new Entry("cluster recover", "Go on without what is lost, where nobody leads."),
            new Entry("cluster remove", "End the membership of a node that is gone."),
            new Entry("cluster leave", "Hand everything over, and be a member no more."),
            new Entry("storage", "Check, print or repair the files of a node."),
            new Entry("storage verify", "Check every record of every partition."),
            new Entry("storage dump", "Print records of the log."),
            new Entry("storage repair", "Have damaged partitions serve what can be read."),
            new Entry("config", "Check, show or convert a configuration."),
            new Entry("config check", "Tell every mistake of a configuration."),
            new Entry("config show", "Show every setting and where its value is from."),
            new Entry("config schema", "Print the XML schema."),
            new Entry("config convert", "Print a configuration in another form."),
            new Entry("doctor", "Say what around a node is wrong, and what to do."),
            new Entry("shell", "Run many commands, typed or from a script."),
            new Entry("completion", "Print a completion script for bash or zsh."),
            new Entry("help", "Show the help of a command."));

    private CommandTree() {}

    private static Object create(String path) {
        return switch (path) {
            case "start" -> new StartCommand();
            case "demo" -> new DemoCommand();
            case "submit" -> new SubmitCommand();
            case "tasks" -> new TasksCommand();
            case "tasks list" -> new TasksListCommand();
            case "tasks show" -> new TasksShowCommand();
            case "tasks result" -> new TasksResultCommand();
            case "tasks cancel" -> new TasksCancelCommand();
            case "tasks retry" -> new TasksRetryCommand();
            case "tasks discard" -> new TasksDiscardCommand();
            case "tasks dispose" -> new TasksDisposeCommand();
            case "executors" -> new ExecutorsCommand();
            case "executors list" -> new ExecutorsListCommand();
            case "executors show" -> new ExecutorsShowCommand();
            case "executors pause" -> new ExecutorsPauseCommand();
            case "executors resume" -> new ExecutorsResumeCommand();
            case "executors shutdown" -> new ExecutorsShutdownCommand();
            case "executors reopen" -> new ExecutorsReopenCommand();
            case "status" -> new StatusCommand();
            case "members" -> new MembersCommand();
            case "partitions" -> new PartitionsCommand();
            case "cluster" -> new ClusterCommand();
            case "cluster recover" -> new ClusterRecoverCommand();
            case "cluster remove" -> new ClusterRemoveCommand();
            case "cluster leave" -> new ClusterLeaveCommand();
            case "storage" -> new StorageCommand();
            case "storage verify" -> new StorageVerifyCommand();
            case "storage dump" -> new StorageDumpCommand();
            case "storage repair" -> new StorageRepairCommand();
            case "config" -> new ConfigCommand();
            case "config check" -> new ConfigCheckCommand();
            case "config show" -> new ConfigShowCommand();
            case "config schema" -> new ConfigSchemaCommand();
            case "config convert" -> new ConfigConvertCommand();
            case "doctor" -> new DoctorCommand();
            case "shell" -> new ShellCommand(new ShellRunner());
            case "completion" -> new CompletionCommand();
            case "help" -> new HelpOfCommand();
            default -> throw new IllegalArgumentException("path=" + path);
        };
    }

    /** @param wanted names that the command line may mean */
    static CommandLine build(Main main, Predicate<String> wanted) {
        CommandLine root = new CommandLine(main);
        addChildren(root, "", wanted);
        return root;
    }

    private static void addChildren(CommandLine parent, String path, Predicate<String> wanted) {
        for (Entry entry : ENTRIES) {
            if (!entry.isChildOf(path)) {
                continue;
            }
            if (wanted.test(entry.name())) {
                CommandLine command = new CommandLine(create(entry.path()));
                addChildren(command, entry.path(), wanted);
                parent.addSubcommand(entry.name(), command);
            } else {
                CommandSpec known = CommandSpec.create();
                known.usageMessage().description(entry.summary());
                parent.addSubcommand(entry.name(), known);
            }
        }
    }
}
