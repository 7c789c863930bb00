package dev.holdfast.replication.control;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the last commands, oldest first. Bounded: whoever repeats a command after so many others is held against
 * what the command compares with, which has a conflict at worst.
 */
final class FirstOutcomes {

    static final int LIMIT = 4_096;

    private final LinkedHashMap<CommandId, Outcome> oldestFirst = new LinkedHashMap<>();

    @Nullable
    Outcome find(CommandId id) {
        return oldestFirst.get(id);
    }

    void put(CommandId id, Outcome outcome) {
        if (oldestFirst.size() == LIMIT) {
            oldestFirst.remove(oldestFirst.keySet().iterator().next());
        }
        oldestFirst.put(id, outcome);
    }

    Map<CommandId, Outcome> oldestFirst() {
        return oldestFirst;
    }
}
