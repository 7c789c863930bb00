package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.Records;
import dev.holdfast.storage.log.LogRecord;
import java.util.List;

/** A run's records, as they are: nothing is encoded here. */
record SimRecords(List<LogRecord.Replicated> list) implements Records {

    private static final long BYTES_EACH = 100;

    SimRecords {
        list = List.copyOf(list);
    }

    @Override
    public int count() {
        return list.size();
    }

    @Override
    public long bytes() {
        return BYTES_EACH * list.size();
    }
}
