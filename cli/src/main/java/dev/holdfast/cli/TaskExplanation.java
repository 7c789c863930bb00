package dev.holdfast.cli;

import dev.holdfast.cli.console.Quoting;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.SeenExecutor;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.storage.log.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Answers: why is this task not running, and what is to be done? */
final class TaskExplanation {

    private static final int SHOWN_ATTEMPTS = 3;

    private final SeenTask task;
    private final TaskView view;
    private final String place;
    private final List<String> reasons = new ArrayList<>();

    private TaskExplanation(SeenTask task, TaskView view, String place) {
        this.task = task;
        this.view = view;
        this.place = place;
    }

    /**
     * One sentence per reason; what has ended has one.
     *
     * @param place the option that has a command look where {@code view} does
     */
    static List<String> whyNotRunning(SeenTask task, TaskView view, String place) {
        TaskExplanation explanation = new TaskExplanation(task, view, place);
        explanation.explain();
        return explanation.reasons;
    }

    private void explain() {
        switch (task.state()) {
            case COMPLETED -> reasons.add("It has ended: its result is stored.");
            case FAILED ->
                reasons.add("It has ended: it failed for good. Run it again: " + action("retry") + ", or remove it: "
                        + action("discard"));
            case CANCELLED -> reasons.add("It has ended: it was cancelled.");
            case PARKED -> explainParked();
            case QUARANTINED -> explainQuarantined();
            case RUNNING ->
                reasons.add("It is running: node=" + task.node() + ", attempt=" + task.attempt() + ", since "
                        + Instant.ofEpochMilli(task.startedAtMillis()) + ".");
            case PENDING, SCHEDULED -> explainPending();
        }
    }

    /** A command to paste. */
    private String action(String command) {
        return Quoting.command() + " tasks " + command + " " + task.taskId() + " " + place;
    }

    private void explainQuarantined() {
        boolean crashed = task.crashes() >= task.spec().maxCrashes();
        String why = crashed || task.heldReason() == null
                ? "the process died " + task.crashes() + " times while it ran (maxCrashes="
                        + task.spec().maxCrashes() + "). Run it again, from no crash: "
                : task.heldReason() + ". Run it again: ";
        reasons.add("It is quarantined: " + why + action("retry") + ", or remove it: " + action("discard"));
    }

    private void explainParked() {
        String why = Objects.requireNonNullElse(task.heldReason(), "its class is missing or changed");
        boolean changed = why.contains(ErrorCode.CLASS_CHANGED.id());
        reasons.add("It is parked: " + why + ".");
        reasons.add(
                changed
                        ? "Bring the old code back and restart the node, then it runs; or run it with the code that is"
                                + " there: " + action("retry --accept-changed-code") + ", or remove it: "
                                + action("discard")
                        : "Bring what is missing back and restart the node, then it runs; or try it now: "
                                + action("retry") + ", or remove it: " + action("discard"));
    }

    private void explainPending() {
        Optional<LiveNode> node = view.node();
        if (node.isEmpty()) {
            reasons.add("No node has this directory open. Start one: " + Quoting.command() + " start " + place);
        } else if (!node.get().started()) {
            reasons.add("The node executes nothing: node=" + node.get().name()
                    + " was made with autoStart=false and its application has not called start() yet, or it is"
                    + " closing.");
        }
        if (task.executorPaused()) {
            reasons.add(
                    "Its executor is paused, durably: executor=" + task.executor() + ". Until resume() nothing of it"
                            + " starts: " + Quoting.command() + " executors resume " + Quoting.shell(task.executor())
                            + " " + place);
        }
        node.ifPresent(this::explainSuspect);
        if (task.ahead() > 0) {
            reasons.add("Before it in the queue of its executor and partition: " + task.ahead() + " tasks.");
        }
        if (node.isPresent()) {
            explainPool();
        } else {
            explainLastAttempt();
        }
    }

    private void explainSuspect(LiveNode node) {
        if (task.crashes() == 0) {
            return;
        }
        TaskId suspect = node.suspect();
        reasons.add("It is a suspect: the process died " + task.crashes() + " times while it ran (maxCrashes="
                + task.spec().maxCrashes() + "), and suspects run one at a time"
                + (suspect == null || suspect.equals(task.taskId())
                        ? "."
                        : ": now runs task " + suspect + ", and " + node.waitingSuspects() + " wait for it."));
    }

    private void explainPool() {
        Optional<SeenExecutor> executor = view.executors().stream()
                .filter(each -> each.name().equals(task.executor()))
                .findFirst();
        SeenExecutor.Live live = executor.map(SeenExecutor::live).orElse(null);
        if (live != null && live.attempts().size() >= live.poolSize()) {
            List<String> busy = live.attempts().stream()
                    .limit(SHOWN_ATTEMPTS)
                    .map(attempt -> attempt.task() + " since " + Instant.ofEpochMilli(attempt.startedAtMillis()))
                    .toList();
            int more = live.attempts().size() - busy.size();
            reasons.add("All workers of its executor are busy: executor=" + task.executor() + ", pool-size="
                    + live.poolSize() + ", with task " + String.join(", ", busy)
                    + (more > 0 ? " and " + more + " more" : "")
                    + ".");
        } else if (reasons.isEmpty()) {
            reasons.add("It waits for a worker of its executor: node=" + task.node() + ", executor=" + task.executor()
                    + ".");
        }
        if (executor.filter(SeenExecutor::shutdown).isPresent()) {
            reasons.add("Its executor is shut down, which keeps no task that was accepted from running.");
        }
    }

    private void explainLastAttempt() {
        if (task.attempt() == 0) {
            reasons.add("Its first attempt may have been under way when the node ended: a first start is not logged.");
        } else if (task.attemptOpen()) {
            int crashes = task.crashes() + 1;
            reasons.add("Its attempt " + task.attempt() + " was logged as started and has no end: the next start counts"
                    + " a crash, crashes=" + crashes + " of maxCrashes="
                    + task.spec().maxCrashes()
                    + (crashes >= task.spec().maxCrashes() ? ", and quarantines it." : "."));
        }
    }
}
