package dev.holdfast.replication.control;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An executor's settings as a member has them, for comparison with those of the others.
 *
 * @param durability backups of every task; the largest one decides how many replicas partitions get
 * @param values every other setting that members have to agree on, by name
 */
public record ExecutorSettings(String name, int durability, SortedMap<String, String> values) {

    static final int MAX_NAME_LENGTH = 256;
    static final int MAX_DURABILITY = 6;
    static final int MAX_VALUES = 64;
    static final int MAX_VALUE_LENGTH = 1024;

    public ExecutorSettings {
        Limits.requireText("executor name", name, MAX_NAME_LENGTH);
        Limits.requireRange("durability", durability, 0, MAX_DURABILITY);
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        Limits.requireRange("number of settings", values.size(), 0, MAX_VALUES);
        values.forEach((key, value) -> {
            Limits.requireText("setting", key, MAX_NAME_LENGTH);
            Limits.requireLength("value of " + key, value, MAX_VALUE_LENGTH);
        });
    }
}
