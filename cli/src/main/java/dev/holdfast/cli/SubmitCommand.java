package dev.holdfast.cli;

import dev.holdfast.ResultNotReadableException;
import dev.holdfast.TaskState;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Quoting;
import dev.holdfast.node.admin.NodeControl;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.SubmitRequest;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.storage.log.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast submit}. */
@Command(
        name = "submit",
        description = {
            "Make a task of a class, and store it.",
            "A running node makes it, of a class that it has; in a stopped one's directory it waits for the next start."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Arguments go by name to a record's components, to the parameters of a constructor (compiled with -parameters),"
                    + " to setters and public fields: text, numbers, booleans, enums, Duration, Instant, LocalDate, UUID,"
                    + " Path, URI, BigDecimal, BigInteger.",
            "",
            "Exit codes:",
            "  0  stored; with --wait: it has succeeded",
            "  1  with --wait: it failed, was cancelled or is held, or the time is over",
            "  2  wrong usage: an argument that the class does not know, for example; nothing was stored",
            "  3  refused: the executor is full or shut down; nothing was stored",
            "  4  no such class or directory",
            "  5  the node does not answer: the task may be stored; repeat it with an --idempotency-key"
        })
final class SubmitCommand implements Callable<Integer> {

    private static final String FOR_EVER = "for ever";
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(
            names = "--class",
            required = true,
            paramLabel = "CLASS",
            description = "A Callable or Runnable, with its package; of a nested class the name has a $.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private String className;

    @Option(names = "--arg", paramLabel = "NAME=VALUE", description = "An argument; may be repeated.")
    private Map<String, String> arguments = new LinkedHashMap<>();

    @Option(
            names = "--executor",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private String executor;

    @Option(names = "--label", paramLabel = "LABEL", description = "A text to find the task by.")
    private @Nullable String label;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Affinity key: tasks with the same one share a partition.")
    private @Nullable String key;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "The same key gives the same task, for 24 hours: a repeated submit stores nothing.")
    private @Nullable String idempotencyKey;

    @Option(names = "--max-crashes", paramLabel = "N", description = "Crashes until it is quarantined.")
    private int maxCrashes;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The application's configuration, for a stopped node: its max-crashes, and how long its"
                    + " idempotency keys are in force. Default: Holdfast's own. A running node knows its own.")
    private @Nullable Path settings;

    @Option(names = "--result-ttl", paramLabel = "TIME", description = "How long its result is kept: 10m, 2h, 7d.")
    private @Nullable String resultTtl;

    @Option(
            names = "--wait",
            arity = "0..1",
            fallbackValue = FOR_EVER,
            paramLabel = "TIME",
            description = "Wait until it has ended, and print its result; at most so long: 30s, 10m.")
    private @Nullable String wait;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Decoding decoding;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SubmitRequest request = request();
        long waitNanos = waitNanos();
        try (NodeControl node = target.control("holdfast submit", settings, decoding.classes())) {
            if (wait == null) {
                print(node.submit(request), Map.of(), null);
                return ExitCodes.OK;
            }
            if (!(node instanceof TaskView live)) {
                throw new CommandFailure(
                        ExitCodes.REFUSED,
                        "--wait: no node runs there that would execute it, nothing was stored: directory="
                                + target.directory() + "; start one, or submit without --wait");
            }
            return await(live, node.submit(request), waitNanos);
        }
    }

    private SubmitRequest request() {
        if (maxCrashes < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--max-crashes=" + maxCrashes + ": allowed are 1 and more");
        }
        long ttlMillis = resultTtl == null
                ? 0
                : Math.max(
                        1, TaskFilter.duration(spec, "--result-ttl", resultTtl).toMillis());
        return new SubmitRequest(executor, className, arguments, label, key, idempotencyKey, maxCrashes, ttlMillis);
    }

    private long waitNanos() {
        if (wait == null || wait.equals(FOR_EVER)) {
            return Long.MAX_VALUE;
        }
        Duration longest = TaskFilter.duration(spec, "--wait", wait);
        return longest.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : longest.toNanos();
    }

    private int await(TaskView node, TaskId id, long waitNanos) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            Optional<SeenTask> found = node.find(id);
            if (found.isEmpty()) {
                throw new CommandFailure(
                        ExitCodes.FAILED, "Its result is gone: taskId=" + id + ", reason=" + node.staleness(id));
            }
            SeenTask task = found.get();
            if (task.state() == TaskState.COMPLETED) {
                printResult(node, task);
                return ExitCodes.OK;
            }
            boolean ended = switch (task.state()) {
                case FAILED, CANCELLED, PARKED, QUARANTINED -> true;
                default -> false;
            };
            boolean late = System.nanoTime() - start >= waitNanos;
            if (ended || late) {
                print(id, Map.of("state", task.state().name()), null);
                String failure = task.info().failure();
                throw new CommandFailure(
                        ExitCodes.FAILED,
                        (ended ? "No result" : "Not ended in time, it goes on") + ": taskId=" + id + ", state="
                                + task.state() + (failure == null ? "" : ", failure=" + failure) + "; more: "
                                + Quoting.command() + " tasks show " + id + " " + target.option());
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    private void printResult(TaskView node, SeenTask task) throws IOException {
        String codec = Objects.requireNonNullElse(task.resultCodec(), "none");
        byte[] bytes = task.resultBytes() == SeenTask.NONE ? new byte[0] : node.result(task);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("state", task.state().name());
        String text;
        try {
            Object value = task.resultBytes() == SeenTask.NONE
                    ? null
                    : PlainValues.of(decoding.codec().decodeResult(codec, bytes));
            text = String.valueOf(value);
            if (value != null) {
                more.put("value", value);
            }
        } catch (ResultNotReadableException unreadable) {
            text = HexFormat.of().formatHex(bytes);
            more.put("hex", text);
            output.note("holdfast: not decoded: " + Decoding.explain(unreadable));
        }
        print(task.taskId(), more, text);
    }

    /** On a pipe the answer alone: the result, or the id. */
    private void print(TaskId id, Map<String, Object> more, @Nullable String result) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("taskId", id.value());
        document.put("executor", executor);
        document.putAll(more);
        output.document(document, Stream.of(id), () -> {
            if (result == null) {
                output.out().println(id);
            } else {
                output.note("Task " + id);
                output.out().println(result);
            }
        });
    }
}
