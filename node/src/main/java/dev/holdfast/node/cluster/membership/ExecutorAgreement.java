package dev.holdfast.node.cluster.membership;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.Problem;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.load.Settings;
import dev.holdfast.replication.control.ExecutorSettings;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What members have to agree on about an executor: every setting that it has, and its protection's. */
final class ExecutorAgreement {

    private static final String DURABILITY = "durability";

    private ExecutorAgreement() {}

    static ExecutorSettings settingsOf(String name, Config config) {
        DurableExecutorConfig executor = config.findDurableExecutorConfig(name);
        SortedMap<String, String> values = new TreeMap<>();
        flatten("", Settings.EXECUTOR.toMap(executor), values);
        String reference = executor.getSplitBrainProtectionName();
        if (reference != null) {
            SplitBrainProtectionConfig protection =
                    config.findSplitBrainProtectionConfig(reference).orElseThrow();
            flatten("split-brain-protection.", Settings.SPLIT_BRAIN.toMap(protection), values);
        }
        values.remove(DURABILITY);
        return new ExecutorSettings(name, executor.getDurability(), values);
    }

    private static void flatten(String prefix, Map<?, ?> from, SortedMap<String, String> into) {
        from.forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested) {
                flatten(prefix + key + ".", nested, into);
            } else {
                into.put(prefix + key, String.valueOf(value));
            }
        });
    }

    /** @param refusal as the table has it, which names both members and their values */
    static ConfigurationException refused(String executor, String refusal) {
        return new ConfigurationException(List.of(new Problem(
                "cluster",
                Settings.EXECUTOR.name() + "." + executor,
                null,
                refusal,
                "the same values on every member",
                null)));
    }
}
