package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Records;
import dev.holdfast.storage.log.ReplicatedRun;

/** Records that a log has, here or on another replica, as its bytes. */
record CopiedRecords(ReplicatedRun run) implements Records {

    @Override
    public int count() {
        return Math.toIntExact(run.count());
    }

    @Override
    public long bytes() {
        return run.documents().length;
    }
}
