package dev.holdfast.storage.log.chronicle;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.LogRig;
import dev.holdfast.storage.log.ReplicatedLogContract;

class ChronicleLogTest extends ReplicatedLogContract {

    @Override
    protected LogRig newRig(String name, SyncPolicy sync) {
        return new ChronicleRig(
                directory.resolve(name), PARTITION, sync, SEGMENT_BYTES, INLINE_LIMIT, new SystemDevice());
    }
}
