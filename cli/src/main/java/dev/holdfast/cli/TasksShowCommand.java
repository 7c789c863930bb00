package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Table;
import dev.holdfast.cli.console.Watch;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.storage.log.FailureInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code holdfast tasks show}. */
@Command(
        name = "show",
        description = "Everything about one task: why it is not running, its last failure with the stack trace, what"
                + " is stored of it.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  shown",
            "  1  its partition is damaged",
            "  2  wrong usage",
            "  3  refused: another process that is no node holds the directory",
            "  4  no such task (the message says whether it was disposed of, evicted, lost, or never issued), or no"
                    + " such directory",
            "  5  the node that holds the directory does not answer"
        })
final class TasksShowCommand implements Callable<Integer> {

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

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Watch watch;

    @Override
    public Integer call() throws IOException {
        return watch.show(output, target, this::show);
    }

    private int show() throws IOException {
        try (TaskView view = target.open("holdfast tasks show")) {
            SeenTask task = id.findIn(view);
            Map<String, Object> document = TaskDocuments.details(task);
            StoredBodies.addTo(document, view, task);
            document.put("whyNotRunning", TaskExplanation.whyNotRunning(task, view, target.option()));
            stackTrace(view, task).ifPresent(trace -> document.put("stackTrace", trace));
            output.document(document, Stream.of(task.taskId()), () -> print(output.out(), document));
        }
        return ExitCodes.OK;
    }

    private Optional<String> stackTrace(TaskView view, SeenTask task) throws IOException {
        FailureInfo info = task.failure();
        if (info == null) {
            return Optional.empty();
        }
        TaskCodec codec = decoding.codec();
        Throwable thrown =
                codec.decodeFailure(info, task.resultBytes() == SeenTask.NONE ? new byte[0] : view.result(task));
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return Optional.of(text.toString().stripTrailing());
    }

    private static void print(PrintWriter out, Map<String, Object> document) {
        int width = document.keySet().stream()
                .mapToInt(key -> heading(key).length())
                .max()
                .orElse(0);
        document.forEach((key, value) -> printEntry(out, heading(key), width, key, value));
        out.flush();
    }

    private static void printEntry(PrintWriter out, String heading, int width, String key, @Nullable Object value) {
        String pad = heading + ":" + " ".repeat(width - heading.length() + 1);
        if (key.equals("stackTrace")) {
            out.println(heading + ":");
            String.valueOf(value)
                    .lines()
                    .forEach(line -> out.println("  " + Table.printable(line.replace("\t", "    "))));
        } else if (value instanceof List<?> lines) {
            String before = pad;
            for (Object line : lines) {
                out.println(before + Table.printable(String.valueOf(line)));
                before = " ".repeat(pad.length());
            }
        } else if (value instanceof Map<?, ?> parts) {
            StoredBodies.print(out, pad, parts);
        } else {
            out.println(pad + Table.printable(String.valueOf(value)));
        }
    }

    /** {@code submittedAt} becomes {@code Submitted at}. */
    private static String heading(String key) {
        String words = key.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
