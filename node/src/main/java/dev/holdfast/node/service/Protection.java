package dev.holdfast.node.service;

import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.node.ledger.Reply;
import org.jspecify.annotations.Nullable;

/** Split-brain protection of one executor: refuses while fewer members are seen than configured. */
final class Protection {

    private final String executor;
    private final @Nullable SplitBrainProtectionConfig config;
    private final NodeContext context;

    private Protection(String executor, @Nullable SplitBrainProtectionConfig config, NodeContext context) {
        this.executor = executor;
        this.config = config;
        this.context = context;
    }

    static Protection of(String executor, NodeContext context, DurableExecutorConfig executorConfig) {
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

    private void check(SplitBrainProtectionConfig protection) {
        int members = context.memberCount();
        if (members < protection.getMinimumClusterSize()) {
            throw new SplitBrainProtectionException("The cluster is too small, nothing was done: executor=" + executor
                    + ", members=" + members + ", minimum-cluster-size="
                    + protection.getMinimumClusterSize() + ", split-brain-protection=" + protection.getName()
                    + "; start more members, or lower minimum-cluster-size");
        }
    }
}
