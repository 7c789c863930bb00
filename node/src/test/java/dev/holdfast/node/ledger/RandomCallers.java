package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.RequestId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Remote callers that call, lose answers, call again, and whose messages come late and twice. */
final class RandomCallers {

    /** So small that all of them are met. */
    static final RequestLimits LIMITS = new RequestLimits(5, 9, 3, 400);

    private static final int CALLERS = 4;

    private static final class Caller {
        final UUID id;
        final List<Command.Repeatable> sent = new ArrayList<>();
        long next = 1;
        long lowestUnanswered = 1;

        Caller(UUID id) {
            this.id = id;
        }
    }

    private final SplittableRandom random;
    private final List<Caller> callers = new ArrayList<>();

    RandomCallers(SplittableRandom random) {
        this.random = random;
        for (int i = 0; i < CALLERS; i++) {
            callers.add(new Caller(new UUID(random.nextLong(), random.nextLong())));
        }
    }

    /** The command, mostly as somebody's next call. */
    Command call(Command.Repeatable command) {
        if (random.nextInt(3) == 0) {
            return command;
        }
        Caller caller = callers.get(random.nextInt(CALLERS));
        if (random.nextInt(3) == 0) {
            caller.lowestUnanswered = random.nextLong(caller.lowestUnanswered, caller.next + 1);
        }
        Command.Repeatable call = command.requestedBy(new RequestId(caller.id, caller.next++, caller.lowestUnanswered));
        caller.sent.add(call);
        return call;
    }

    /** A call that was made before, or the command where there was none yet. */
    Command again(Command.Repeatable command) {
        Caller caller = callers.get(random.nextInt(CALLERS));
        if (caller.sent.isEmpty()) {
            return command;
        }
        int recent = Math.min(caller.sent.size(), 8);
        Command.Repeatable call = caller.sent.get(caller.sent.size() - 1 - random.nextInt(recent));
        RequestId request = call.request();
        if (request == null) {
            throw new AssertionError("Sent without a request: " + call);
        }
        if (random.nextInt(20) == 0) {
            return command.requestedBy(request); // a caller that counts wrongly
        }
        boolean waits = request.number() >= caller.lowestUnanswered;
        return waits && random.nextBoolean()
                ? call.requestedBy(new RequestId(caller.id, request.number(), caller.lowestUnanswered))
                : call;
    }
}
