package dev.holdfast.node.service;

import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.Config;
import java.util.Optional;

/** Split-brain protection of a member for the calls of clients, who do not see the cluster. Thread-safe. */
public final class CallProtection {

    private final NodeContext context;

    public CallProtection(NodeContext context) {
        this.context = context;
    }

    /** Why a call on {@code executor} is refused; empty: it is not. */
    public Optional<String> refuses(String executor, boolean writes) {
        Config config = context.config();
        Protection protection = Protection.of(executor, context, config.findDurableExecutorConfig(executor));
        try {
            if (writes) {
                protection.checkWrite();
            } else {
                protection.checkRead();
            }
            return Optional.empty();
        } catch (SplitBrainProtectionException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
