package dev.holdfast.cli;

import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.node.admin.TaskSelection;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which tasks: conditions that add up. */
final class TaskFilter {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec mixee;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only these states, by comma: ${COMPLETION-CANDIDATES}."
                    + " Of a stopped node none is RUNNING: what was, is PENDING again.")
    private List<TaskState> states = new ArrayList<>();

    @Option(names = "--executor", paramLabel = "NAME", description = "Only this executor's.")
    private @Nullable String executor;

    @Option(names = "--label", paramLabel = "LABEL", description = "Only with exactly this label.")
    private @Nullable String label;

    @Option(names = "--key", paramLabel = "KEY", description = "Only with exactly this affinity key.")
    private @Nullable String key;

    @Option(names = "--type", paramLabel = "CLASS", description = "Only of this class, with or without its package.")
    private @Nullable String type;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "Only submitted longer ago: 30s, 10m, 2h, 7d, PT1H30M.")
    private @Nullable String olderThan;

    @Option(names = "--newer-than", paramLabel = "TIME", description = "Only submitted since then.")
    private @Nullable String newerThan;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, the oldest.")
    private @Nullable Long limit;

    /** Whether any condition but the limit is set. */
    boolean isSet() {
        return !states.isEmpty()
                || executor != null
                || label != null
                || key != null
                || type != null
                || olderThan != null
                || newerThan != null;
    }

    /** What was asked for. */
    TaskSelection selection() {
        return selection(EnumSet.noneOf(TaskState.class));
    }

    /** @param among the states to choose from, where none is asked for; empty: all */
    TaskSelection selection(Set<TaskState> among) {
        for (TaskState state : states) {
            if (!among.isEmpty() && !among.contains(state)) {
                throw wrong("--state=" + state + ": nothing can be done to those, allowed are " + among);
            }
        }
        TaskQuery query = TaskQuery.all();
        for (TaskState state : states.isEmpty() ? among : states) {
            query = query.state(state);
        }
        query = label == null ? query : query.label(label);
        query = type == null ? query : query.type(type);
        if (limit != null && limit < 0) {
            throw wrong("--limit=" + limit + ": allowed are 0 and more");
        }
        query = limit == null ? query : query.limit(limit);
        return new TaskSelection(
                query,
                executor,
                key,
                newerThan == null ? Long.MIN_VALUE : ago("--newer-than", newerThan),
                olderThan == null ? Long.MAX_VALUE : ago("--older-than", olderThan));
    }

    private long ago(String option, String text) {
        Duration age = duration(mixee, option, text);
        try {
            return Instant.now().minus(age).toEpochMilli();
        } catch (DateTimeException | ArithmeticException tooLong) {
            return Long.MIN_VALUE + 1;
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(mixee.commandLine(), message);
    }

    /** A duration on the command line: a number and a unit, or ISO 8601. */
    static Duration duration(CommandSpec command, String option, String text) {
        String number = text.replaceFirst("(ms|s|m|h|d)$", "");
        try {
            if (!number.matches("[0-9]{1,15}") || number.equals(text)) {
                return positive(Duration.parse(text));
            }
            long count = Long.parseLong(number);
            return switch (text.substring(number.length())) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw new ParameterException(
                    command.commandLine(),
                    option + "=" + text + ": not a time; allowed are a number and ms, s, m, h or d, and ISO 8601:"
                            + " 500ms, 30s, 10m, 2h, 7d, PT1H30M");
        }
    }

    private static Duration positive(Duration duration) {
        if (duration.isNegative()) {
            throw new DateTimeException("negative");
        }
        return duration;
    }
}
