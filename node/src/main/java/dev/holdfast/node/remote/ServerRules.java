package dev.holdfast.node.remote;

import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * What a node goes by when it serves others.
 *
 * @param maxPayloadBytes of a task: {@code max-payload}
 * @param maxCrashes of an executor, for tasks of clients, who do not know what is configured
 * @param protection of calls of clients
 */
public record ServerRules(int maxPayloadBytes, ToIntFunction<String> maxCrashes, Protection protection) {

    /** Split-brain protection. Must not block. */
    @FunctionalInterface
    public interface Protection {

        /** None. */
        Protection NONE = (executor, writes) -> Optional.empty();

        /** Why a call is refused; empty: it is not. */
        Optional<String> refuses(String executor, boolean writes);
    }
}
