package dev.holdfast.cli;

import dev.holdfast.ResultNotReadableException;
import dev.holdfast.TaskState;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Quoting;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.codec.BodyStructure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast tasks result}. */
@Command(
        name = "result",
        description = {
            "Print the result of a task.",
            "Java objects are rebuilt only of allowed classes: values of the JDK, and those of --allow. Others are"
                    + " shown as what is stored of them."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  printed",
            "  1  there is no result: the task failed, was cancelled, or has not finished; or its partition is damaged",
            "  2  wrong usage",
            "  3  refused: another process that is no node holds the directory",
            "  4  no such task, or no such directory",
            "  5  the node that holds the directory does not answer"
        })
final class TasksResultCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private TaskIdArgument id;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Decoding decoding;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Option(names = "--raw", description = "Print the stored bytes as they are.")
    private boolean raw;

    @Override
    public Integer call() throws IOException {
        if (raw && !output.isTable()) {
            throw new ParameterException(spec.commandLine(), "--raw goes without -o");
        }
        try (TaskView view = target.open("holdfast tasks result")) {
            SeenTask task = id.findIn(view);
            if (task.state() != TaskState.COMPLETED) {
                throw noResult(task);
            }
            byte[] bytes = task.resultBytes() == SeenTask.NONE ? new byte[0] : view.result(task);
            if (raw) {
                printRaw(bytes);
            } else {
                print(task, bytes);
            }
        }
        return ExitCodes.OK;
    }

    private CommandFailure noResult(SeenTask task) throws IOException {
        String failure = task.info().failure();
        return new CommandFailure(
                ExitCodes.FAILED,
                "No result: taskId=" + task.taskId() + ", state=" + task.state()
                        + (failure == null ? "" : ", failure=" + failure) + "; more: " + Quoting.command()
                        + " tasks show " + task.taskId() + " " + target.option());
    }

    /** Past the writer, which makes characters of everything. */
    private void printRaw(byte[] bytes) throws IOException {
        spec.commandLine().getOut().flush();
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write(bytes);
        } catch (IOException nobodyReads) {
            spec.commandLine().getErr().flush();
        }
    }

    private void print(SeenTask task, byte[] bytes) throws IOException {
        String codec = Objects.requireNonNullElse(task.resultCodec(), "none");
        boolean kept = task.resultBytes() != SeenTask.NONE;
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("taskId", task.taskId().value());
        document.put("codec", codec);
        document.put("bytes", bytes.length);
        String forPeople;
        try {
            Object value = !kept ? null : decoding.codec().decodeResult(codec, bytes);
            document.put("kept", kept);
            document.put("decoded", true);
            document.put("value", PlainValues.of(value));
            forPeople = value instanceof byte[] array ? HexFormat.of().formatHex(array) : text(value);
        } catch (ResultNotReadableException unreadable) {
            BodyStructure structure = BodyStructure.ofResult(codec, bytes);
            document.put("decoded", false);
            document.put("hex", HexFormat.of().formatHex(bytes));
            StoredBodies.put(document, structure);
            forPeople =
                    structure.value() == null ? HexFormat.of().formatHex(bytes) : StoredBodies.yaml(structure.value());
            output.note("holdfast: not decoded, what is stored is shown: " + Decoding.explain(unreadable));
        }
        String line = forPeople;
        output.document(document, Stream.of(task.taskId()), () -> output.out().println(line));
    }

    private static String text(@Nullable Object value) {
        Object plain = value != null && value.getClass().isArray() ? PlainValues.of(value) : value;
        return String.valueOf(plain);
    }
}
