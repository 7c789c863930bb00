package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/** The specs seen last: tasks of one kind share one object. One thread at a time. */
final class SpecCache {

    private static final int SLOTS = 64;

    private final @Nullable TaskSpec[] slots = new @Nullable TaskSpec[SLOTS];

    TaskSpec shared(TaskSpec spec) {
        int hash = spec.hashCode();
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        TaskSpec cached = slots[slot];
        if (spec.equals(cached)) {
            return cached;
        }
        slots[slot] = spec;
        return spec;
    }
}
