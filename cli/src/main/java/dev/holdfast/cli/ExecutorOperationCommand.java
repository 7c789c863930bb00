package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.ExecutorOperation;
import dev.holdfast.node.admin.NodeControl;
import dev.holdfast.node.admin.SeenExecutor;
import dev.holdfast.node.admin.TaskView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that does one thing to executors. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "It is durable: it holds after restarts, until the opposite is done.",
            "",
            "Exit codes:",
            "  0  done, or it was so before",
            "  1  failed",
            "  2  wrong usage",
            "  3  refused: another process holds the directory",
            "  4  no such executor (to those before it it was done) or directory",
            "  5  the node does not answer"
        })
abstract class ExecutorOperationCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of executors.")
    private List<String> names = new ArrayList<>();

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    abstract ExecutorOperation operation();

    /** What is true of {@code executor} now, in a sentence. */
    abstract String done(SeenExecutor executor);

    @Override
    public Integer call() throws IOException {
        List<SeenExecutor> changed = new ArrayList<>();
        String missing = null;
        try (NodeControl node = target.control(spec.qualifiedName(), null)) {
            for (String name : names) {
                var after = node.operate(name, operation());
                if (after.isEmpty()) {
                    missing = name;
                    break;
                }
                changed.add(after.get());
            }
        } finally {
            print(changed);
        }
        if (missing != null) {
            throw unknown(missing);
        }
        return ExitCodes.OK;
    }

    private CommandFailure unknown(String missing) throws IOException {
        try (TaskView view = target.open(spec.qualifiedName())) {
            return ExecutorDocuments.unknown(missing, view.executors());
        }
    }

    private void print(List<SeenExecutor> changed) {
        if (output.isTable()) {
            changed.forEach(executor -> output.out().println(done(executor)));
            output.out().flush();
        } else {
            output.list(changed.stream(), ExecutorsListCommand.EXECUTORS);
        }
    }
}
