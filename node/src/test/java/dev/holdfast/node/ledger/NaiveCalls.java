package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.RequestId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@link NaiveModel} knows of remote callers: maps, and a walk over all of them for every question. */
final class NaiveCalls {

    private record Known(Command.Repeatable command, String answer) {}

    private static final class Caller {
        final TreeMap<Long, Known> calls = new TreeMap<>();
        long lowest = 1;
        long at;
    }

    private final RequestLimits limits;
    private final Map<UUID, Caller> callers = new LinkedHashMap<>();

    NaiveCalls(RequestLimits limits) {
        this.limits = limits;
    }

    /** The answer that needs no decision, or null. */
    @Nullable
    String answer(Command command) {
        RequestId request = requestOf(command);
        if (request == null) {
            return null;
        }
        Caller caller = callers.getOrDefault(request.caller(), new Caller());
        Known known = caller.calls.get(request.number());
        if (request.number() < caller.lowest || (known != null && !isSame(known, command))) {
            return "refused SPENT";
        }
        if (known != null) {
            if (command instanceof Command.Submit) {
                return known.answer;
            }
            return command instanceof Command.RetrieveAndDispose ? "taken" : "done true";
        }
        int others = 0;
        for (Caller each : callers.values()) {
            others += each == caller ? 0 : each.calls.size();
        }
        int own = caller.calls.tailMap(request.lowestUnanswered()).size();
        return own >= limits.perCaller() || own + others >= limits.total() ? "refused REQUESTS" : null;
    }

    private static boolean isSame(Known known, Command command) {
        if (command instanceof Command.Submit || known.command instanceof Command.Submit) {
            return command instanceof Command.Submit && known.command instanceof Command.Submit;
        }
        return ((Command.OfTask) command).sequence() == ((Command.OfTask) known.command).sequence()
                && ((Command.Repeatable) command).causes() == known.command.causes();
    }

    /** A command has logged something, and was answered so. */
    void logged(Command command, String answer, long now) {
        callers.values().removeIf(caller -> now - caller.at >= limits.silentMillis());
        RequestId request = requestOf(command);
        if (request == null) {
            return;
        }
        long at = now;
        for (Caller each : callers.values()) {
            at = Math.max(at, each.at);
        }
        Caller caller = callers.remove(request.caller());
        if (caller == null) {
            caller = new Caller();
            if (callers.size() == limits.callers()) {
                callers.remove(callers.keySet().iterator().next());
            }
        }
        callers.put(request.caller(), caller);
        caller.at = at;
        caller.lowest = Math.max(caller.lowest, request.lowestUnanswered());
        caller.calls.put(request.number(), new Known((Command.Repeatable) command, answer));
        caller.calls.headMap(caller.lowest).clear();
    }

    private static @Nullable RequestId requestOf(Command command) {
        return command instanceof Command.Repeatable call ? call.request() : null;
    }
}
