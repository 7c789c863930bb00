package dev.holdfast.cli;

import dev.holdfast.cli.console.Quoting;
import dev.holdfast.node.admin.OfflineTask;
import dev.holdfast.node.ledger.TaskEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Answers: why is this task not running? */
final class TaskExplanation {

    private TaskExplanation() {}

    /** One sentence per reason; what has ended has one. */
    static List<String> whyNotRunning(OfflineTask task, Path directory) {
        TaskEntry entry = task.entry();
        List<String> reasons = new ArrayList<>();
        switch (entry.state()) {
            case COMPLETED -> reasons.add("It has ended: its result is stored.");
            case FAILED ->
                reasons.add("It has ended: it failed for good. `retry` runs it again, `discard` removes it.");
            case CANCELLED -> reasons.add("It has ended: it was cancelled.");
            case PARKED ->
                reasons.add("It is parked: "
                        + Objects.requireNonNullElse(entry.heldReason(), "its class is missing or changed")
                        + ". Bring the class back and retry, or discard it.");
            case QUARANTINED ->
                reasons.add(
                        "It is quarantined: the process died " + entry.crashes() + " times while it ran (maxCrashes="
                                + entry.spec().maxCrashes() + "). Retry it, or discard it.");
            case UNFINISHED -> addPending(task, directory, reasons);
        }
        return reasons;
    }

    private static void addPending(OfflineTask task, Path directory, List<String> reasons) {
        TaskEntry entry = task.entry();
        reasons.add("No node has this directory open. Start one: " + Quoting.command() + " start --data "
                + Quoting.path(directory));
        if (task.executorPaused()) {
            reasons.add("Its executor is paused, durably: executor=" + entry.executor()
                    + ". Until resume() nothing of it starts.");
        }
        if (task.ahead() > 0) {
            reasons.add("Before it in the queue of its executor and partition: " + task.ahead() + " tasks.");
        }
        if (entry.attempt() > 0) {
            reasons.add("Its attempt " + entry.attempt() + " was logged as started and has no end: crashes="
                    + entry.crashes() + " of maxCrashes=" + entry.spec().maxCrashes() + ".");
        } else {
            reasons.add("Its first attempt may have been under way when the node ended: a first start is not logged.");
        }
    }
}
