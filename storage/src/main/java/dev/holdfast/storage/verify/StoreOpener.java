package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.segment.PartitionStore;
import java.nio.file.Path;

/** Finds a partition's files; a seam for tests that keep them in memory. */
@FunctionalInterface
interface StoreOpener {

    /** {@code directory} is the partition's. Nothing is made or changed in it. */
    PartitionStore open(Path directory, PartitionId partition);
}
