package dev.holdfast.node.assembly;

import static java.util.Objects.requireNonNull;

import dev.holdfast.node.service.DurableExecutorServiceImpl;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The executor services of a node or client, one for each name that is asked for. Thread-safe. */
final class Services {

    private static final int MAX_NAME = 256;

    private final Function<String, DurableExecutorServiceImpl> making;
    private final ConcurrentHashMap<String, DurableExecutorServiceImpl> byName = new ConcurrentHashMap<>();

    Services(Function<String, DurableExecutorServiceImpl> making) {
        this.making = making;
    }

    /** @throws IllegalArgumentException no executor may have that name */
    static void check(String name) {
        requireNonNull(name, "name");
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("Not a name of an executor: name has " + name.length()
                    + " characters, allowed are 1 to " + MAX_NAME);
        }
    }

    DurableExecutorServiceImpl of(String name) {
        DurableExecutorServiceImpl known = byName.get(name);
        return known == null ? byName.computeIfAbsent(name, making) : known;
    }

    /** Not to be changed. */
    Map<String, DurableExecutorServiceImpl> inUse() {
        return byName;
    }
}
