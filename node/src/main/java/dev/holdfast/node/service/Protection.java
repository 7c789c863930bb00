package dev.holdfast.node.service;

import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.node.ledger.Reply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Split-brain protection of one executor: refuses while fewer members are seen than configured. */
public final class Protection {

    private final String executor;
    private final @Nullable SplitBrainProtectionConfig config;
    private final NodeContext context;

    private Protection(String executor, @Nullable SplitBrainProtectionConfig config, NodeContext context) {
        this.executor = executor;
        this.config = config;
        this.context = context;
    }

    public static Protection of(String executor, NodeContext context, DurableExecutorConfig executorConfig) {
        String name = executorConfig.getSplitBrainProtectionName();
        return new Protection(
                executor,
                name == null
                        ? null
                        : context.config().findSplitBrainProtectionConfig(name).orElse(null),
                context);
    }

    /** Before a read of what is stored. */
    void checkRead() {
        if (config != null && config.getProtectOn().protectsReads()) {
            check(config);
        }
    }

    /** Before anything that writes. */
    void checkWrite() {
        if (config != null && config.getProtectOn().protectsWrites()) {
            check(config);
        }
    }

    /** @throws SplitBrainProtectionException the node that leads the partition refused for it */
    static void checkAnswer(Reply.Refused refused) {
        if (refused.refusal() == Reply.Refusal.PROTECTION) {
            throw new SplitBrainProtectionException(refused.message());
        }
    }

    /** Why a call is refused, for those who call over the network; empty: it is not. */
    public Optional<String> refusal(boolean writes) {
        if (config == null) {
            return Optional.empty();
        }
        boolean isProtected = writes
                ? config.getProtectOn().protectsWrites()
                : config.getProtectOn().protectsReads();
        return isProtected ? problem(config) : Optional.empty();
    }

    private void check(SplitBrainProtectionConfig protection) {
        problem(protection).ifPresent(problem -> {
            throw new SplitBrainProtectionException(problem);
        });
    }

    private Optional<String> problem(SplitBrainProtectionConfig protection) {
        int members = context.memberCount();
        return members >= protection.getMinimumClusterSize()
                ? Optional.empty()
                : Optional.of("The cluster is too small, nothing was done: executor=" + executor
                        + ", members=" + members + ", minimum-cluster-size="
                        + protection.getMinimumClusterSize() + ", split-brain-protection=" + protection.getName()
                        + "; start more members, or lower minimum-cluster-size");
    }
}
