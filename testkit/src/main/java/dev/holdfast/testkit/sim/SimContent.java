package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.Content;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.List;

/** A part of a checkpoint: items; one item is one byte of it. */
record SimContent(List<SnapshotItem> items) implements Content {

    SimContent {
        items = List.copyOf(items);
    }

    @Override
    public long bytes() {
        return items.size();
    }
}
