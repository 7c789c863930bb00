package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.demo.ChildEvent.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The two lives of the child, as the parent leads them. One thread. */
final class DemoJob {

    private final DemoDirectory directory;
    private final DemoPlan plan;
    private final Sightings seen;
    private final Progress progress;
    private final Duration patience;

    DemoJob(DemoDirectory directory, DemoPlan plan, Sightings seen, Progress progress, Duration patience) {
        this.directory = directory;
        this.plan = plan;
        this.seen = seen;
        this.progress = progress;
        this.patience = patience;
    }

    /** Stores everything, lets {@code killAfter} tasks finish, then kills the child while others run and wait. */
    void killHalfWay() throws IOException, InterruptedException {
        try (ChildProcess child = start(DemoChild.FIRST)) {
            untilHeld(child);
            progress.line("Killing it with SIGKILL: kill -9 " + child.pid());
            noteKill(child, child.kill());
            drain(child);
        }
    }

    /** As {@link #killHalfWay}, but the user does it. True if it was done with SIGKILL. */
    boolean letTheUserKill(String resume) throws IOException, InterruptedException {
        try (ChildProcess child = start(DemoChild.FIRST)) {
            untilHeld(child);
            progress.line("Your turn. In another terminal: kill -9 " + child.pid());
            progress.line("Waiting for the end of process " + child.pid());
            int exit = child.awaitExit();
            noteKill(child, exit);
            drain(child);
            if (exit == ChildProcess.EXIT_OF_SIGKILL) {
                progress.line("Killed. Now the rest: " + resume);
                return true;
            }
            progress.line("The process ended, but not by SIGKILL: exit=" + exit + "; the demo wants kill -9."
                    + " The rest, all the same: " + resume);
            return false;
        }
    }

    /** Starts the child again on the same directory, and waits until everything is finished. */
    void finish() throws IOException, InterruptedException {
        progress.line("Starting it again on the same directory");
        int files = plan.files().size();
        try (ChildProcess child = start(DemoChild.SECOND)) {
            boolean done = false;
            progress.begin();
            while (!done) {
                ChildEvent event = next(child);
                done = event.kind() == Kind.DONE;
                if (event.kind() == Kind.FINISHED || event.kind() == Kind.SERVED || event.kind() == Kind.FAILED) {
                    progress.show("finished", seen.ended(), files);
                }
            }
            int exit = child.awaitExit();
            if (exit != 0) {
                throw failed(child, "ended with exit=" + exit);
            }
            progress.line("  pid " + child.pid() + " served " + seen.served() + " stored results before it executed "
                    + "anything, then executed " + (seen.ended() - seen.served()) + " tasks");
        }
    }

    private ChildProcess start(String life) throws IOException {
        return ChildProcess.start(
                DemoChild.class, List.of(directory.path().toString(), life), directory.own(life + ".log"));
    }

    private void untilHeld(ChildProcess child) throws IOException, InterruptedException {
        progress.line("A node in a process of its own stores " + plan.files().size() + " tasks: pid=" + child.pid());
        progress.begin();
        while (true) {
            ChildEvent event = next(child);
            if (event.kind() == Kind.HELD) {
                long waiting = plan.files().size() - event.count() - event.running();
                progress.line("  " + event.count() + " tasks finished, " + event.running() + " running, " + waiting
                        + " waiting");
                return;
            }
            if (event.kind() == Kind.FINISHED || event.kind() == Kind.FAILED) {
                progress.show("finished", seen.ended(), plan.killAfter());
            }
        }
    }

    /** The next event; the end of the child is a failure, and so is its own complaint. */
    private ChildEvent next(ChildProcess child) throws IOException, InterruptedException {
        Optional<ChildEvent> event = child.next(patience);
        if (event.isEmpty()) {
            throw failed(child, "ended too early, exit=" + child.awaitExit());
        }
        if (event.get().kind() == Kind.TROUBLE) {
            throw failed(child, "gave up: " + event.get().text());
        }
        seen.record(event.get());
        return event.get();
    }

    private void noteKill(ChildProcess child, int exit) throws IOException {
        if (exit == ChildProcess.EXIT_OF_SIGKILL) {
            seen.record(ChildEvent.of(Kind.KILLED, child.pid()));
        }
    }

    /** What the child had said before it was killed was promised. */
    private void drain(ChildProcess child) throws IOException, InterruptedException {
        for (Optional<ChildEvent> event = child.next(patience); event.isPresent(); event = child.next(patience)) {
            seen.record(event.get());
        }
    }

    private static CommandFailure failed(ChildProcess child, String what) {
        return new CommandFailure(
                ExitCodes.FAILED,
                "The demo's node " + what + ": pid=" + child.pid() + ", log=" + child.log()
                        + "; see the log, its last lines say why");
    }
}
