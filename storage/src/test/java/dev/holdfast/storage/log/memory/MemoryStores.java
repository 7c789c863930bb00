package dev.holdfast.storage.log.memory;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.segment.PartitionStore;
import java.util.Map;
import java.util.Objects;

/** Files of a partition in memory, for tests that stand on {@link PartitionStore} alone. */
public final class MemoryStores {

    private MemoryStores() {}

    public static PartitionStore create(PartitionId partition, long segmentBytes) {
        return new MemoryStore(partition, segmentBytes);
    }

    /** What a dead process still holds is a copy from now on. */
    public static void detach(PartitionStore store) {
        ((MemoryStore) store).detach();
    }

    public static byte[] segment(PartitionStore store, long number) {
        return file(((MemoryStore) store).segments(), number).content();
    }

    public static void replaceSegment(PartitionStore store, long number, byte[] content) {
        file(((MemoryStore) store).segments(), number).content(content);
    }

    public static byte[] checkpoint(PartitionStore store, long number) {
        return file(((MemoryStore) store).checkpoints(), number).content();
    }

    public static void replaceCheckpoint(PartitionStore store, long number, byte[] content) {
        file(((MemoryStore) store).checkpoints(), number).content(content);
    }

    private static MemoryFile file(Map<Long, MemoryFile> files, long number) {
        return Objects.requireNonNull(files.get(number));
    }
}
