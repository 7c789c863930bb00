package dev.holdfast.cli;

import dev.holdfast.cli.console.Quoting;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Answers: why is this task not running? */
final class TaskExplanation {

    private TaskExplanation() {}

    /** One sentence per reason; what has ended has one. */
    static List<String> whyNotRunning(SeenTask task, TaskView view) {
        List<String> reasons = new ArrayList<>();
        switch (task.state()) {
            case COMPLETED -> reasons.add("It has ended: its result is stored.");
            case FAILED ->
                reasons.add("It has ended: it failed for good. `retry` runs it again, `discard` removes it.");
            case CANCELLED -> reasons.add("It has ended: it was cancelled.");
            case PARKED ->
                reasons.add("It is parked: "
                        + Objects.requireNonNullElse(task.heldReason(), "its class is missing or changed")
                        + ". Bring the class back and retry, or discard it.");
            case QUARANTINED ->
                reasons.add("It is quarantined: the process died " + task.crashes() + " times while it ran (maxCrashes="
                        + task.spec().maxCrashes() + "). Retry it, or discard it.");
            case RUNNING ->
                reasons.add("It is running: node=" + task.node() + ", attempt=" + task.attempt() + ", since "
                        + Instant.ofEpochMilli(task.startedAtMillis()) + ".");
            case PENDING, SCHEDULED -> addPending(task, view, reasons);
        }
        return reasons;
    }

    private static void addPending(SeenTask task, TaskView view, List<String> reasons) {
        boolean live = view.node().isPresent();
        if (!live) {
            reasons.add("No node has this directory open. Start one: " + Quoting.command() + " start --data "
                    + Quoting.path(view.directory()));
        }
        if (task.executorPaused()) {
            reasons.add("Its executor is paused, durably: executor=" + task.executor()
                    + ". Until resume() nothing of it starts.");
        }
        if (task.ahead() > 0) {
            reasons.add("Before it in the queue of its executor and partition: " + task.ahead() + " tasks.");
        }
        if (live) {
            if (reasons.isEmpty()) {
                reasons.add("It waits for a worker of its executor: node=" + task.node() + ", executor="
                        + task.executor() + ".");
            }
        } else if (task.attempt() > 0) {
            reasons.add("Its attempt " + task.attempt() + " was logged as started and has no end: crashes="
                    + task.crashes() + " of maxCrashes=" + task.spec().maxCrashes() + ".");
        } else {
            reasons.add("Its first attempt may have been under way when the node ended: a first start is not logged.");
        }
    }
}
