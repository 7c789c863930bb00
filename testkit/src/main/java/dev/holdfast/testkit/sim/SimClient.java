package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.TaskSpec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Somebody who submits, one thing after the other, asks for results, cancels and disposes. With an idempotency key or a request
 * it tries until it is answered; without either it stops where nobody can know.
 */
final class SimClient {

    private static final int POLLS = 40;

    private final SimWorld world;
    private final SplittableRandom random;
    private final SimCalls calls;
    private final int number;
    private int left;
    private int made;
    private final UUID caller;
    private long requests;

    SimClient(SimWorld world, SplittableRandom random, int number, int operations) {
        this.world = world;
        this.random = random;
        this.calls = new SimCalls(world, random);
        this.number = number;
        this.caller = new UUID(world.settings.seed(), number);
        this.left = operations;
    }

    boolean isDone() {
        return left <= 0;
    }

    void begin() {
        world.timeline.after(random.nextInt(500) * SimSettings.MILLI, this::submit);
    }

    private void next() {
        if (!isDone()) {
            world.timeline.after(random.nextInt(900) * SimSettings.MILLI, this::submit);
        }
    }

    private void counts() {
        left--;
        world.totals.add(Totals.Count.OPERATIONS);
    }

    private void submit() {
        String label = "c" + number + "-" + ++made;
        Optional<String> key = random.nextInt(10) < 6 ? Optional.of("key-" + label) : Optional.empty();
        counts();
        submit(label, key, () -> {});
    }

    /** Most calls are a remote caller's, who numbers them and sends each again until it is answered. */
    private Command.Repeatable numbered(Command.Repeatable command) {
        if (random.nextInt(10) < 4) {
            return command;
        }
        requests++;
        return command.requestedBy(new RequestId(caller, requests, requests));
    }

    private void submit(String label, Optional<String> key, Runnable then) {
        TaskSpec spec = new TaskSpec("java", "Task", null, label, null, key.orElse(null), 20, TaskSpec.NO_TTL, true);
        Body payload = new Body.Inline(label.getBytes(StandardCharsets.UTF_8));
        Command.Repeatable command = numbered(new Command.Submit(SimLedger.EXECUTOR, spec, payload));
        boolean repeats = key.isPresent() || command.request() != null;
        world.checks.tasks.submits(label, repeats);
        calls.command(command, repeats, reply -> {
            if (reply.reply() instanceof Reply.Stored stored) {
                world.totals.add(Totals.Count.DUPLICATES, stored.existing() ? 1 : 0);
                world.checks.tasks.acknowledged(label, key, stored.sequence());
                then.run();
                follow(label, key, stored.sequence());
            } else {
                world.checks.tasks.refused(reply.reply());
                if (reply.kind() == SimReply.Kind.UNKNOWN) {
                    world.totals.add(Totals.Count.INDETERMINATE);
                }
                next();
            }
        });
    }

    /** What becomes of a stored task. */
    private void follow(String label, Optional<String> key, long sequence) {
        int dice = random.nextInt(100);
        if (dice < 15 && key.isPresent()) {
            counts();
            submit(label, key, () -> {});
        } else if (dice < 30) {
            counts();
            Command cancel = numbered(new Command.Cancel(SimLedger.EXECUTOR, sequence));
            calls.command(cancel, true, reply -> {
                world.checks.tasks.refused(reply.reply());
                poll(sequence, POLLS);
            });
        } else if (dice < 85) {
            counts();
            poll(sequence, POLLS);
        } else {
            next();
        }
    }

    private void poll(long sequence, int polls) {
        calls.read(sequence, found -> {
            if (found.entry().filter(TaskEntry::isTerminal).isPresent()) {
                world.checks.tasks.seen(sequence, result(found.entry().get()));
                dispose(sequence);
            } else if (found.answered() && found.entry().isEmpty()) {
                world.checks.tasks.missing(sequence);
                next();
            } else if (polls > 0) {
                world.timeline.after(60 * SimSettings.MILLI, () -> poll(sequence, polls - 1));
            } else {
                next();
            }
        });
    }

    private static String result(TaskEntry entry) {
        Body.Inline body = (Body.Inline) entry.result();
        return entry.state() + (body == null ? "" : new String(body.bytes(), StandardCharsets.UTF_8));
    }

    private void dispose(long sequence) {
        int dice = random.nextInt(10);
        if (dice >= 6) {
            lookAgain(sequence);
            return;
        }
        counts();
        Command command = numbered(
                dice < 3
                        ? new Command.Dispose(SimLedger.EXECUTOR, sequence)
                        : new Command.RetrieveAndDispose(SimLedger.EXECUTOR, sequence));
        world.checks.tasks.disposes(sequence);
        calls.command(command, true, reply -> {
            world.checks.tasks.refused(reply.reply());
            if (reply.reply() instanceof Reply.Ended ended) {
                world.checks.tasks.seen(sequence, result(ended.outcome()));
            }
            if (reply.kind() == SimReply.Kind.ANSWERED) {
                world.checks.tasks.disposed(sequence);
            }
            lookAgain(sequence);
        });
    }

    /** Once more, later: it must be the same, or gone for good. */
    private void lookAgain(long sequence) {
        world.timeline.after(
                random.nextInt(3_000) * SimSettings.MILLI,
                () -> calls.read(sequence, found -> {
                    if (found.entry().filter(TaskEntry::isTerminal).isPresent()) {
                        world.checks.tasks.seen(sequence, result(found.entry().get()));
                    } else if (found.answered()) {
                        world.checks.tasks.missing(sequence);
                    }
                    next();
                }));
    }
}
