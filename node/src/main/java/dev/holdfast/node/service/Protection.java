package dev.holdfast.node.service;

import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import org.jspecify.annotations.Nullable;

/** Split-brain protection of one executor: refuses while fewer members are seen than configured. A node alone sees one. */
final class Protection {

    private static final int MEMBERS_OF_A_NODE_ALONE = 1;

    private final String executor;
    private final @Nullable SplitBrainProtectionConfig config;

    private Protection(String executor, @Nullable SplitBrainProtectionConfig config) {
        this.executor = executor;
        this.config = config;
    }

    static Protection of(String executor, Config config, DurableExecutorConfig executorConfig) {
        String name = executorConfig.getSplitBrainProtectionName();
        return new Protection(
                executor,
                name == null
                        ? null
                        : config.findSplitBrainProtectionConfig(name).orElse(null));
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

    private void check(SplitBrainProtectionConfig protection) {
        if (MEMBERS_OF_A_NODE_ALONE < protection.getMinimumClusterSize()) {
            throw new SplitBrainProtectionException("The cluster is too small, nothing was done: executor=" + executor
                    + ", members=" + MEMBERS_OF_A_NODE_ALONE + ", minimum-cluster-size="
                    + protection.getMinimumClusterSize() + ", split-brain-protection=" + protection.getName()
                    + "; start more members, or lower minimum-cluster-size");
        }
    }
}
