package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.TaskEntry;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A client's way to whoever serves: goes from node to node, and gives up waiting after a while. */
final class SimCalls {

    private static final long TIMEOUT_NANOS = SimSettings.SECOND;
    private static final int TRIES = 400;

    private final SimWorld world;
    private final SplittableRandom random;
    private int target;

    SimCalls(SimWorld world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /** What a read found. */
    record Found(boolean answered, Optional<TaskEntry> entry) {
        static final Found NOTHING = new Found(false, Optional.empty());
    }

    /** @param repeatable whether it may be sent again although it may have been taken in */
    void command(Command command, boolean repeatable, Consumer<SimReply> asker) {
        attempt(command, repeatable, TRIES, asker);
    }

    private void attempt(Command command, boolean repeatable, int tries, Consumer<SimReply> asker) {
        SimNode node = world.nodes.get(target);
        Once<SimReply> once = new Once<>(reply -> {
            boolean again = reply.kind() == SimReply.Kind.TRY_ELSEWHERE
                    || (reply.kind() == SimReply.Kind.UNKNOWN && repeatable);
            if (again && tries > 0) {
                target = random.nextInt(world.nodes.size());
                pause(() -> attempt(command, repeatable, tries - 1, asker));
            } else {
                asker.accept(reply);
            }
        });
        world.timeline.after(TIMEOUT_NANOS, () -> once.accept(SimReply.UNKNOWN));
        Consumer<SimReply> back = reply -> travel(() -> once.accept(reply));
        travel(() -> {
            if (node.process().isEmpty()) {
                back.accept(SimReply.TRY_ELSEWHERE);
            }
            node.gate(node.life(), () -> node.process().ifPresent(each -> each.ledger.command(command, back)));
        });
    }

    void read(long sequence, Consumer<Found> asker) {
        SimNode node = world.nodes.get(target);
        Once<Found> once = new Once<>(found -> {
            if (!found.answered()) {
                target = random.nextInt(world.nodes.size());
            }
            asker.accept(found);
        });
        world.timeline.after(TIMEOUT_NANOS, () -> once.accept(Found.NOTHING));
        travel(() -> node.gate(node.life(), () -> {
            Found found = node.process()
                    .filter(SimProcess::mayServe)
                    .map(each -> found(each, sequence))
                    .orElse(Found.NOTHING);
            travel(() -> once.accept(found));
        }));
    }

    private Found found(SimProcess process, long sequence) {
        world.checks.tasks.reads(process);
        return new Found(true, Optional.ofNullable(process.ledger.ledger().find(sequence)));
    }

    private void pause(Runnable then) {
        world.timeline.after((20 + random.nextInt(150)) * SimSettings.MILLI, then);
    }

    /** Requests and answers get lost sometimes. */
    private void travel(Runnable arrival) {
        if (random.nextInt(100) != 0) {
            world.timeline.after(100_000 + random.nextInt(2_000_000), arrival);
        }
    }

    /** The first answer counts. */
    private static final class Once<T> {
        private final Consumer<T> asker;
        private boolean answered;

        Once(Consumer<T> asker) {
            this.asker = asker;
        }

        void accept(T answer) {
            if (!answered) {
                answered = true;
                asker.accept(answer);
            }
        }
    }
}
