package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.OutputFormat;
import dev.holdfast.cli.console.Style;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.node.service.TaskOutcome.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of an action on many tasks: a line for each, and the totals. */
final class ActionReport {

    private final ActionWords words;
    private final boolean dryRun;
    private final Output output;
    private final List<TaskOutcome> outcomes = new ArrayList<>();
    private final EnumMap<Kind, Integer> counts = new EnumMap<>(Kind.class);

    ActionReport(ActionWords words, boolean dryRun, Output output) {
        this.words = words;
        this.dryRun = dryRun;
        this.output = output;
    }

    void add(TaskOutcome outcome) {
        outcomes.add(outcome);
        counts.merge(outcome.kind(), 1, Integer::sum);
    }

    private int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    private String word(Kind kind) {
        return switch (kind) {
            case DONE -> dryRun ? "would be " + words.past() : words.past();
            case UNCHANGED -> "unchanged";
            case NOT_FOUND -> "not found";
            case FAILED -> "failed";
        };
    }

    private static Style style(Kind kind) {
        return switch (kind) {
            case DONE -> Style.GOOD;
            case UNCHANGED -> Style.WARNING;
            case NOT_FOUND, FAILED -> Style.BAD;
        };
    }

    /** Prints what came so far. */
    void print() {
        output.document(document(), outcomes.stream().filter(this::isDone).map(TaskOutcome::taskId), this::printTable);
        if (output.format() == OutputFormat.IDS) {
            outcomes.stream()
                    .filter(outcome -> !isDone(outcome))
                    .forEach(outcome -> output.note("holdfast: " + word(outcome.kind()) + ": taskId=" + outcome.taskId()
                            + ", " + outcome.detail()));
            if (!outcomes.isEmpty()) {
                output.note(summary());
            }
        }
    }

    private boolean isDone(TaskOutcome outcome) {
        return outcome.kind() == Kind.DONE;
    }

    private void printTable() {
        Listing<TaskOutcome> listing = new Listing<>("No tasks", TaskOutcome::taskId, ActionReport::document)
                .column("ID", TaskOutcome::taskId)
                .column("OUTCOME", outcome -> new Cell(word(outcome.kind()), style(outcome.kind())))
                .column("DETAIL", TaskOutcome::detail);
        output.table(outcomes.stream(), listing);
        if (!outcomes.isEmpty()) {
            output.out().println(summary());
        }
    }

    int exitCode(boolean singleId) {
        if (singleId && count(Kind.NOT_FOUND) == 1) {
            return ExitCodes.NOT_FOUND;
        }
        return count(Kind.DONE) == outcomes.size() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private String summary() {
        StringBuilder text = new StringBuilder(word(Kind.DONE));
        text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
        text.append(": ").append(count(Kind.DONE)).append(" of ").append(outcomes.size());
        text.append(outcomes.size() == 1 ? " task" : " tasks");
        for (Kind kind : List.of(Kind.UNCHANGED, Kind.NOT_FOUND, Kind.FAILED)) {
            if (count(kind) > 0) {
                text.append(", ").append(word(kind)).append(": ").append(count(kind));
            }
        }
        return text.toString();
    }

    private Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("action", words.verb());
        document.put("dryRun", dryRun);
        document.put("done", count(Kind.DONE));
        document.put("unchanged", count(Kind.UNCHANGED));
        document.put("notFound", count(Kind.NOT_FOUND));
        document.put("failed", count(Kind.FAILED));
        document.put("tasks", outcomes.stream().map(ActionReport::document).toList());
        return document;
    }

    private static Map<String, Object> document(TaskOutcome outcome) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("taskId", outcome.taskId());
        document.put("outcome", outcome.kind().name());
        if (!outcome.detail().isEmpty()) {
            document.put("detail", outcome.detail());
        }
        return document;
    }
}
